import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { bankHolidays } from './bank-holidays.js'
import {
  type HolidayCalendar,
  breachNotificationDue,
  daysUntil,
  londonDate,
  rightsDue,
  startOfDay,
  yearsAfter,
} from './statutory-periods.js'

const years = Array.from({ length: 30 }, (_, n) => 2015 + n)
const calendar: HolidayCalendar = { version: 'spec', holidays: new Set(years.flatMap(bankHolidays)) }
const vectors = '../shared/vectors/deadlines.json'
type Vectors = {
  readonly rights: readonly { readonly received: string; readonly oneMonthDue: string; readonly threeMonthsDue: string }[]
  readonly breach72h: readonly { readonly aware: string; readonly target: string; readonly limit: string }[]
}

test('the rights period of one month ends on the same-numbered day, rolled past weekends and holidays', () => {
  expect(rightsDue('2026-11-23T09:00:00Z', 1, calendar)).toBe('2026-12-23')
  expect(rightsDue('2026-11-25T09:00:00Z', 1, calendar)).toBe('2026-12-29')
  expect(rightsDue('2026-01-31T09:00:00Z', 1, calendar)).toBe('2026-03-02')
  expect(rightsDue('2028-01-31T09:00:00Z', 1, calendar)).toBe('2028-02-29')
})
test('the day of receipt is the day in London, not in UTC', () => {
  expect(londonDate('2026-06-30T23:30:00Z')).toBe('2026-07-01')
  expect(rightsDue('2026-06-30T23:30:00Z', 1, calendar)).toBe('2026-08-03')
})
test('a day begins at midnight in London, which is an hour earlier in UTC while summer time holds there', () => {
  expect(startOfDay('2026-11-20')).toBe('2026-11-20T00:00:00Z')
  expect(startOfDay('2026-07-01')).toBe('2026-06-30T23:00:00Z')
  expect([startOfDay('2026-10-25'), startOfDay('2026-10-26')]).toEqual(['2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z'])
})
test('days are counted by the calendar, and are less than none where they are over', () => {
  expect([daysUntil('2026-10-24', '2026-10-26'), daysUntil('2026-11-20', '2026-11-20')]).toEqual([2, 0])
  expect(daysUntil('2026-12-01', '2026-11-20')).toBe(-11)
  expect(daysUntil('2026-11-20', '2027-11-20')).toBe(365)
})
test('years end on the same date, and on 28 February where there is no 29th', () => {
  expect([yearsAfter('2016-11-23', 10), yearsAfter('2016-02-29', 10), yearsAfter('2026-01-31', 10)]).toEqual([
    '2026-11-23',
    '2026-02-28',
    '2036-01-31',
  ])
})
test('72 hours are elapsed hours: no weekend, holiday or clock change moves them', () => {
  expect(breachNotificationDue('2026-10-23T09:15:00+01:00')).toEqual({ target: '2026-10-26T08:15:00Z', limit: '2026-10-26T09:00:00Z' })
  expect(breachNotificationDue('2026-11-23T09:00:00Z')).toEqual({ target: '2026-11-26T09:00:00Z', limit: '2026-11-26T10:00:00Z' })
})
test('the computed bank holidays are those of an independent calendar, 2015 to 2044', () => {
  const Holidays = createRequire(import.meta.url)('date-holidays') as new (
    country: string,
    state: string,
  ) => { getHolidays(year: number): { date: string; type: string; substitute?: boolean; name: string }[] }
  const england = new Holidays('GB', 'ENG')
  for (const year of years) {
    const theirs = england
      .getHolidays(year)
      .filter(({ type }) => type === 'public')
      .map(({ date }) => date.slice(0, 10))
    const onWeekdays = [...new Set(theirs)].filter(day => ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay())).sort()
    expect({ year, days: bankHolidays(year) }).toEqual({ year, days: onWeekdays })
  }
})

const given = existsSync(vectors) ? describe : describe.skip
given('the shared vectors (skipped where ../shared is absent)', () => {
  const { rights, breach72h } = existsSync(vectors) ? (JSON.parse(readFileSync(vectors, 'utf8')) as Vectors) : { rights: [], breach72h: [] }
  test('rights', () => {
    expect(rights.length).toBeGreaterThan(0)
    for (const { received, oneMonthDue, threeMonthsDue } of rights) {
      expect({ received, due: rightsDue(`${received}T12:00:00Z`, 1, calendar) }).toEqual({ received, due: oneMonthDue })
      expect({ received, due: rightsDue(`${received}T12:00:00Z`, 3, calendar) }).toEqual({ received, due: threeMonthsDue })
    }
  })
  test('the breach clock', () => {
    expect(breach72h.length).toBeGreaterThan(0)
    for (const { aware, target, limit } of breach72h) {
      const due = breachNotificationDue(aware)
      expect([Date.parse(due.target), Date.parse(due.limit)]).toEqual([Date.parse(target), Date.parse(limit)])
    }
  })
})
