// The app's words in another language, and worksheets in it.
import { ask, type Reply } from './request.ts'

/** Also before anybody is signed in: the language can be chosen first. */
export function words(language: string): Promise<Reply> {
  return ask('GET', `/api/v1/words/${encodeURIComponent(language)}`)
}

/** `wording`: the hash of the texts; another text has another address, so that each may be kept for ever. `whole`: as in sync.ts. */
export function worksheetIn(id: string, version: number, language: string, wording: string, whole: boolean): Promise<Reply> {
  return ask('GET', `/api/v1/worksheets/${id}/v${version}${whole ? '/whole' : ''}?lang=${encodeURIComponent(language)}&w=${wording}`)
}
