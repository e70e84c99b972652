// Telephone numbers within a text, so that they can be tapped and stay in one piece.

const NUMBER = /(?<![\d.,:–-])(0\d{2,4}(?: \d{2,4}){1,3}|116 123|999|111)(?![\d:–-]|[.,]\d)/

/** The text in pieces: words first, then number and words by turns. */
export function callable(text: string): string[] {
  return text.split(NUMBER)
}
