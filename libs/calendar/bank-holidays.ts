import { Temporal } from 'temporal-polyfill'

/** Proclaimed days that no rule gives. A value of null takes a rule's day away. */
const proclaimed: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  '1999': { millennium: '1999-12-31' },
  '2002': { spring: '2002-06-04', goldenJubilee: '2002-06-03' },
  '2011': { royalWedding: '2011-04-29' },
  '2012': { spring: '2012-06-04', diamondJubilee: '2012-06-05' },
  '2020': { earlyMay: '2020-05-08' },
  '2022': { spring: '2022-06-02', platinumJubilee: '2022-06-03', stateFuneral: '2022-09-19' },
  '2023': { coronation: '2023-05-08' },
}

/**
 * The bank holidays of England and Wales in a year, as the rules give them and with what was proclaimed up to 2026-11. ISO dates, in
 * order.
 */
export function bankHolidays(year: number): readonly string[] {
  const easter = easterSunday(year)
  const christmas = substituted([
    Temporal.PlainDate.from({ year, month: 12, day: 25 }),
    Temporal.PlainDate.from({ year, month: 12, day: 26 }),
  ])
  const byRule: Record<string, string | null> = {
    newYear: substituted([Temporal.PlainDate.from({ year, month: 1, day: 1 })])[0] ?? null,
    goodFriday: easter.subtract({ days: 2 }).toString(),
    easterMonday: easter.add({ days: 1 }).toString(),
    earlyMay: firstMonday(year, 5).toString(),
    spring: lastMonday(year, 5).toString(),
    summer: lastMonday(year, 8).toString(),
    christmas: christmas[0] ?? null,
    boxingDay: christmas[1] ?? null,
  }
  return Object.values({ ...byRule, ...proclaimed[String(year)] })
    .filter((day): day is string => day !== null)
    .sort()
}

/** A holiday on a weekend moves to the next day that is neither a weekend nor taken. */
function substituted(days: readonly Temporal.PlainDate[]): readonly string[] {
  const weekdays = days.filter(day => day.dayOfWeek <= 5).map(day => day.toString())
  return days
    .map(day => {
      if (day.dayOfWeek <= 5) return day.toString()
      let substitute = day
      while (substitute.dayOfWeek > 5 || weekdays.includes(substitute.toString())) substitute = substitute.add({ days: 1 })
      weekdays.push(substitute.toString())
      return substitute.toString()
    })
    .sort()
}

const firstMonday = (year: number, month: number) => {
  const first = Temporal.PlainDate.from({ year, month, day: 1 })
  return first.add({ days: (8 - first.dayOfWeek) % 7 })
}

const lastMonday = (year: number, month: number) => {
  const last = Temporal.PlainDate.from({ year, month, day: 31 })
  return last.subtract({ days: last.dayOfWeek - 1 })
}

/** The Gregorian computus (Meeus, Jones, Butcher). */
function easterSunday(year: number): Temporal.PlainDate {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return Temporal.PlainDate.from({ year, month: Math.floor(n / 31), day: (n % 31) + 1 })
}
