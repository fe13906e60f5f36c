import { birthDateRule, brokenBirthDate } from '#calendar/plausible-dates'
import { isOneLine, oneLineRule } from '#kernel/characters'
import { type Clock, systemClock } from '#kernel/clock'
import { emailRule, isEmailAddress, isTelephoneNumber, telephoneRule } from '#kernel/contact'
import { type Options, check, field, isDate, textThat } from './fields.js'

/** Text that is one line, as it reads: a name, or whom to ask for. */
export const Line = (max: number, options: Options = {}) => textThat({ name: 'line', rule: oneLineRule, fits: isOneLine }, max, options)

export const EmailAddress = (options: Options = {}) =>
  field(
    options,
    { type: 'string', format: 'email', maxLength: 320 },
    check('email', emailRule, value => typeof value === 'string' && isEmailAddress(value), options.list),
  )

export const TelephoneNumber = (options: Options = {}) =>
  field(
    { description: 'Digits, spaces and the signs of a number; an extension may follow.', ...options },
    { type: 'string', minLength: 7, maxLength: 50, example: '07700 900471' },
    check('telephone', telephoneRule, value => typeof value === 'string' && value.length <= 50 && isTelephoneNumber(value), options.list),
  )

/** When somebody was born who is alive. */
export const BirthDate = (options: Options = {}, clock: Clock = systemClock) =>
  field(
    options,
    { type: 'string', format: 'date' },
    check('date', 'must be a date, YYYY-MM-DD', isDate, options.list),
    check('born', birthDateRule, value => !isDate(value) || brokenBirthDate(value as string, clock.now()) === undefined, options.list),
  )
