export const emailRule = 'must be an e-mail address, such as name@example.org'
export const telephoneRule = 'must be a telephone number of 7 to 15 digits, such as 07700 900471'

/**
 * An e-mail address by its form: a local part as mail servers take it, and a domain of at least two labels. Whether there is such a
 * mailbox only a letter to it can say. Letters of every script: there are addresses in them (RFC 6531).
 */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  const labels = text.slice(at + 1).split('.')
  return at > 0 && at <= 64 && text.length <= 320 && local.test(text.slice(0, at)) && labels.length > 1 && labels.every(isLabel)
}
const local = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]+$/u
const isLabel = (text: string) => /^[\p{L}\p{M}\p{N}-]{1,63}$/u.test(text) && !text.startsWith('-') && !text.endsWith('-')

const extension = /,? ?(?:ext\.?|extension|x|#) ?\d{1,6}$/i
/** A telephone number as people write one: 7 to 15 digits, as E.164 has it, perhaps an extension. Words belong elsewhere. */
export function isTelephoneNumber(text: string): boolean {
  const number = text.trim().replace(extension, '')
  const digits = number.replace(/\D/g, '').length
  return /^\+?[\d ()./-]+$/.test(number) && digits >= 7 && digits <= 15
}
