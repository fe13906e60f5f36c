import { type HolidayCalendar, londonDate, rightsDue } from '#calendar/statutory-periods'
import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import type { Person } from '../person.js'
import { type ErasureEvent, ErasureRequested } from './events.js'

export type RequestErasure = Omit<DataOfEvent<typeof ErasureRequested>, 'due' | 'regime' | 'rule' | 'calendarVersion'>
export const requestErasureRefusals = ['NOT_FOUND'] as const

/** The day from which requests fall under UK GDPR Art 12A (SI 2026/82): the regime follows the day of receipt and is never recomputed. */
const art12AFrom = '2026-02-05'

/**
 * C64: receiving a request is never refused, not even after an erasure. It is due within one month of receipt (Art 12(3), catalogue
 * §2.1).
 */
export const requestErasure =
  (request: RequestErasure, calendar: HolidayCalendar): Decision<Person, ErasureEvent, Refusal<(typeof requestErasureRefusals)[number]>> =>
  ({ intake }) => {
    if (!intake.referral) return refused('NOT_FOUND')
    return accept([
      ErasureRequested.of({
        ...request,
        due: rightsDue(request.receivedAt, 1, calendar),
        rule: 'ART12-3-ONE-MONTH',
        calendarVersion: calendar.version,
        regime: londonDate(request.receivedAt) >= art12AFrom ? 'ART_12A' : 'PRE_12A',
      }),
    ])
  }
