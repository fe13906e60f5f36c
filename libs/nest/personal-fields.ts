import { brokenBirthDate } from '#calendar/plausible-dates'
import { isOneLine, oneLineRule } from '#kernel/characters'
import { type Clock, systemClock } from '#kernel/clock'
import { emailRule, isEmailAddress, isTelephoneNumber, telephoneRule } from '#kernel/contact'
import { type Options, check, field, isDate, isTextOf } from './fields.js'

/** Text that is one line, as it reads: a name, or whom to ask for. */
export const Line = (max: number, options: Options = {}) =>
  field(
    options,
    { type: 'string', minLength: 1, maxLength: max },
    check('text', `must be text of 1 to ${max} characters`, isTextOf(max), options.list),
    check('line', oneLineRule, value => typeof value !== 'string' || isOneLine(value), options.list),
  )

export const EmailAddress = (options: Options = {}) =>
  field(
    options,
    { type: 'string', format: 'email', maxLength: 320 },
    check('email', emailRule, value => typeof value === 'string' && isEmailAddress(value), options.list),
  )

export const TelephoneNumber = (options: Options = {}) =>
  field(
    { description: 'Digits, spaces and the signs of a number; an extension may follow.', ...options },
    { type: 'string', minLength: 7, maxLength: 50, examples: ['07700 900471', '+44 191 498 0000 ext 12'] },
    check('telephone', telephoneRule, value => typeof value === 'string' && value.length <= 50 && isTelephoneNumber(value), options.list),
  )

/** When somebody was born who is alive. */
export const BirthDate = (options: Options = {}, clock: Clock = systemClock) =>
  field(
    options,
    { type: 'string', format: 'date' },
    check('date', 'must be a date, YYYY-MM-DD', isDate, options.list),
    check(
      'born',
      'must not lie in the future, nor more than 130 years back',
      value => !isDate(value) || brokenBirthDate(value as string, clock.now()) === undefined,
      options.list,
    ),
  )
