import { londonDate } from './statutory-periods.js'

/**
 * Nothing that the service does is older than the law that its notice rests on: the General Data Protection Regulation and the Data
 * Protection Act 2018 hold from this day on. A referral, a form or a request of before is a slip of the keyboard.
 */
export const serviceBegan = '2018-05-25'
/** Nobody has been shown to live longer: the oldest age on record is 122 years. */
const longestLifeYears = 130

export const birthDateRule = `must not lie in the future, nor more than ${longestLifeYears} years back`

const yearsBefore = (date: string, years: number) => `${String(Number(date.slice(0, 4)) - years).padStart(4, '0')}${date.slice(4)}`

/** The rule that the date of somebody's birth breaks; undefined when somebody alive may have been born then. */
export function brokenBirthDate(date: string, now: string): string | undefined {
  const today = londonDate(now)
  if (date > today) return 'must not lie in the future'
  return date < yearsBefore(today, longestLifeYears) ? `must not lie more than ${longestLifeYears} years back` : undefined
}
/** Whether somebody was born after what is said to have happened to them. */
export const isBornAfter = (dateOfBirth: string, instant: string) => dateOfBirth > londonDate(instant)

/** Within the memory of a record: an employment that began before is a slip, and so is an appointment further ahead. */
const earliest = '1900-01-01'
const furthestAheadYears = 10
/** The rule that a date of the record breaks, such as the start of a job. */
export function brokenDate(date: string, now: string, mayLieAhead: boolean): string | undefined {
  const today = londonDate(now)
  if (date < earliest) return 'must not lie before 1900'
  if (!mayLieAhead && date > today) return 'must not lie in the future'
  return date > yearsBefore(today, -furthestAheadYears) ? `must not lie more than ${furthestAheadYears} years ahead` : undefined
}
