/** Numbers that check, and that nobody has: digits typed to get past a form. */
const implausible = new Set(['0000000000', '1111111111', '9999999999', '9876543210'])
const weights = [10, 9, 8, 7, 6, 5, 4, 3, 2]

/** Ten digits without spaces or hyphens. */
export const normalisedNhsNumber = (text: string) => text.replace(/[\s-]/g, '')

/** C07: modulus 11 over ten digits, as the NHS Data Dictionary has it; numbers that somebody typed to get past a form are implausible. */
export function isNhsNumber(text: string): boolean {
  const digits = normalisedNhsNumber(text)
  if (!/^\d{10}$/.test(digits) || implausible.has(digits)) return false
  const sum = weights.reduce((total, weight, n) => total + weight * Number(digits[n]), 0)
  const check = 11 - (sum % 11)
  return check !== 10 && (check === 11 ? 0 : check) === Number(digits[9])
}
