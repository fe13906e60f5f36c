import { londonTime } from '#calendar/statutory-periods'

const days = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const
const form = /^(MON|TUE|WED|THU|FRI|SAT|SUN) ((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/

export const safeTimeRule = 'must be a day and from when until when, such as MON 09:00-12:30'
/** C58: a part of a week in which somebody can be reached safely, in London's time. The end is not in it. */
export function isSafeTime(text: unknown): text is string {
  const [, , from = '', until = ''] = (typeof text === 'string' && form.exec(text)) || []
  return from < until
}

/** Whether a moment lies in one of these parts of a week. */
export function isIn(safeTimes: readonly string[], instant: string): boolean {
  const { dayOfWeek, time } = londonTime(instant)
  return safeTimes.some(text => {
    const [, day, from = '', until = ''] = form.exec(text) ?? []
    return day === days[dayOfWeek - 1] && from <= time && time < until
  })
}
