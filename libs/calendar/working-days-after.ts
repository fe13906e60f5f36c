import { Temporal } from 'temporal-polyfill'
import { type HolidayCalendar, londonDate, rolledToWorkingDay } from './statutory-periods.js'

/** The n-th working day after the day of an instant, which is not counted: a date in Europe/London. */
export function workingDayAfter(instant: string, days: number, calendar: HolidayCalendar): string {
  let day = londonDate(instant)
  for (let n = 0; n < days; n++) day = rolledToWorkingDay(Temporal.PlainDate.from(day).add({ days: 1 }).toString(), calendar)
  return day
}
