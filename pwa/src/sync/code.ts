// The 12 characters that pair a phone, however they were typed or read aloud.

export const CODE_LENGTH = 12

/** Upper case, look-alikes put right, everything that is no letter or digit left out. */
export function plainCode(typed: string): string {
  return typed.toUpperCase().replace(/[^A-Z0-9]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
}

/** In groups of four, as it is written on the card: `ABCD-EFGH-JKMN`. */
export function grouped(code: string): string {
  return plainCode(code).match(/.{1,4}/g)?.join('-') ?? ''
}

/** The code behind `#pair=` in an address, or null. */
export function codeInHash(hash: string): string | null {
  const found = /^#pair=([^&]+)/.exec(hash)
  return found ? plainCode(decodeURIComponent(found[1]!)) : null
}
