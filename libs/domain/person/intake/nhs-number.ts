/**
 * The ranges from which numbers are given out, by their first digits: England, Wales and the Isle of Man 4, 6 and 7; England 3, of which
 * 320 000 001 on is Northern Ireland's (https://en.wikipedia.org/wiki/NHS_number#Format,_number_ranges,_and_check_characters). 999 is
 * given to nobody: it is for tests and demonstrations. Scotland's CHI numbers begin with a date of birth.
 */
const issued = /^([3467]|999)/
const weights = [10, 9, 8, 7, 6, 5, 4, 3, 2]

/** Ten digits without spaces or hyphens. */
export const normalisedNhsNumber = (text: string) => text.replace(/[\s-]/g, '')

/** The date of birth with which a number of Scotland's begins: DDMMYY. */
function isCommunityHealthIndex(digits: string): boolean {
  const [day, month] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4))]
  // Of a century that nobody knows: a leap day is one in half of them.
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000, month, 0)).getUTCDate()
}

/** C07: modulus 11 over ten digits, as the NHS Data Dictionary has it. */
export function hasNhsCheckDigit(text: string): boolean {
  const digits = normalisedNhsNumber(text)
  if (!/^\d{10}$/.test(digits)) return false
  const sum = weights.reduce((total, weight, n) => total + weight * Number(digits[n]), 0)
  const check = 11 - (sum % 11)
  return check !== 10 && (check === 11 ? 0 : check) === Number(digits[9])
}

/** One that somebody can have: of a range that is given out. Ten equal digits check, and are what is typed to get past a form. */
export function isNhsNumber(text: string): boolean {
  const digits = normalisedNhsNumber(text)
  return hasNhsCheckDigit(digits) && !/^(.)\1+$/.test(digits) && (issued.test(digits) || isCommunityHealthIndex(digits))
}
