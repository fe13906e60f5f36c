import { Temporal } from 'temporal-polyfill'

/** Days on which a period in days, weeks or months does not end: versioned policy data. */
export type HolidayCalendar = { readonly version: string; readonly holidays: ReadonlySet<string> }

const london = 'Europe/London'

/** The date in Europe/London at an instant. */
export const londonDate = (instant: string): string => Temporal.Instant.from(instant).toZonedDateTimeISO(london).toPlainDate().toString()

/** The day of the week, Monday first, and the time on the clocks in Europe/London at an instant, HH:MM. */
export function londonTime(instant: string): { readonly dayOfWeek: number; readonly time: string } {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO(london)
  return { dayOfWeek: at.dayOfWeek, time: at.toPlainTime().toString({ smallestUnit: 'minute' }) }
}

/** When a day begins in Europe/London, UTC. */
export const startOfDay = (date: string): string => Temporal.PlainDate.from(date).toZonedDateTime(london).toInstant().toString()
/** So many days after a date, or before it. */
export const daysAfter = (date: string, days: number): string => Temporal.PlainDate.from(date).add({ days }).toString()
/** Whole days from one day to another: less than none where it is over. */
export const daysUntil = (from: string, to: string): number => Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days
/** The same weekday, so many weeks on. */
export const weeksAfter = (date: string, weeks: number): string => Temporal.PlainDate.from(date).add({ weeks }).toString()

/** The same date, so many years on; 28 February where the year has no 29th. */
export const yearsAfter = (date: string, years: number): string => Temporal.PlainDate.from(date).add({ years }).toString()

/** The same-numbered day, so many months on, or that month’s last day where it has none: not moved past weekends. */
export const monthsAfter = (date: string, months: number): string => Temporal.PlainDate.from(date).add({ months }).toString()

/** Regulation (EEC, Euratom) 1182/71 Art 3(4), by UK GDPR Art 4A: a last day on a weekend or holiday becomes the next working day. */
export function rolledToWorkingDay(date: string, { holidays }: HolidayCalendar): string {
  let day = Temporal.PlainDate.from(date)
  while (day.dayOfWeek > 5 || holidays.has(day.toString())) day = day.add({ days: 1 })
  return day.toString()
}

/**
 * Art 3(1) and (4) of the same: the day of receipt is not counted; the period ends with the same-numbered day of the last month, or that
 * month's last day where it has none. UK GDPR Art 12(3) and 12A: one month, or three when extended.
 * @returns the last day on which the answer is in time, as a date in Europe/London.
 */
export function rightsDue(receivedAt: string, months: 1 | 3, calendar: HolidayCalendar): string {
  return rolledToWorkingDay(monthsAfter(londonDate(receivedAt), months), calendar)
}

/**
 * UK GDPR Art 33(1): 72 elapsed hours, whatever the clocks and the calendar do. `target` counts from awareness itself; `limit` from the
 * next full hour, because the hour of the event is not counted (Art 3(1) of the same). Both UTC.
 */
export function breachNotificationDue(awareAt: string): { readonly target: string; readonly limit: string } {
  const aware = Temporal.Instant.from(awareAt)
  return {
    target: aware.add({ hours: 72 }).toString(),
    limit: aware.round({ smallestUnit: 'hour', roundingMode: 'floor' }).add({ hours: 73 }).toString(),
  }
}
