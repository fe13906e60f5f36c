import anyAscii from 'any-ascii'

/** Marks that are accents: over and under the letters of these scripts. Elsewhere a mark is a vowel, and without it a name is another. */
const accented = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu
/** Letters of the Latin script that no accent makes: ł, ø, ß, ı, æ. */
const latin = /\p{Script=Latin}+/gu
const letterForLetter = (name: string) =>
  name.normalize('NFKD').replace(accented, '$1').normalize('NFC').replace(latin, anyAscii).toLowerCase().replaceAll('ς', 'σ')

/**
 * A name as it is looked for (ADR-0018): without accents, in the letters of a keyboard where it is Latin, whatever stands between its
 * words or for an apostrophe, of which some are letters to Unicode. Of a name without letters it is what is there.
 */
export function foldedName(name: string): string {
  const letters = letterForLetter(name).replace(/[\u02B9-\u02BF\u02C8]|[^\p{L}\p{M}\p{N}]/gu, '')
  return /[\p{L}\p{N}]/u.test(letters) ? letters : name.normalize('NFKC').replace(/\s+/g, '')
}

/** As names were folded before: what is in the index since then is found by it. Every mark went, and no letter changed. */
const foldedAsBefore = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
/** The foldings of before by which somebody of this name may have been entered, however it was written then. */
export const foldingsOfBefore = (name: string): readonly string[] => [
  ...new Set([foldedAsBefore(name), foldedAsBefore(letterForLetter(name))]),
]
