import { type HolidayCalendar, londonDate, rightsDue } from '#calendar/statutory-periods'
import { type At, command, noCategories, writeRules } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { withdrawalOf } from '../consent/withdraw-consent.js'
import { person } from '../person.js'
import { ErasureRequested } from './events.js'

export type RequestErasure = Omit<DataOfEvent<typeof ErasureRequested>, 'due' | 'regime' | 'rule' | 'calendarVersion'>
/** The day from which requests fall under UK GDPR Art 12A (SI 2026/82): the regime follows the day of receipt and is never recomputed. */
const art12AFrom = '2026-02-05'

/**
 * C64: receiving a request is never refused, not even after an erasure. It is due within one month of receipt (UK GDPR Art 12(3)). Whoever
 * asks because they withdraw their consent has withdrawn it, C32: every consent ends here, and does not wait for the decision.
 */
export const requestErasure = command({
  name: 'RequestErasure',
  clauses: ['C32', 'C64'],
  says: 'Receive a request for erasure, in whatever form it came; never refused for the state of the record',
  aggregate: person,
  streamId: ({ subjectRef }: RequestErasure) => subjectRef,
  capability: 'RECEIVE_RIGHTS_REQUEST',
  purpose: 'RIGHTS_FULFILMENT',
  basis: { art6: 'c' },
  categories: noCategories,
  exemptFrom: writeRules,
  refusals: ['NOT_FOUND'],
  decide:
    (request: RequestErasure, { calendar, now }: At & { readonly calendar: HolidayCalendar }) =>
    person => {
      const { intake, consents } = person
      if (!intake.referral) return refused('NOT_FOUND')
      const { subjectRef, channel, receivedAt } = request
      return accept([
        ErasureRequested.of({
          ...request,
          due: rightsDue(request.receivedAt, 1, calendar),
          rule: 'ART12-3-ONE-MONTH',
          calendarVersion: calendar.version,
          regime: londonDate(request.receivedAt) >= art12AFrom ? 'ART_12A' : 'PRE_12A',
        }),
        ...(request.grounds === 'CONSENT_WITHDRAWN'
          ? withdrawalOf(person, { subjectRef, which: 'ALL', channel, receivedAt, withdrawnAt: receivedAt }, consents.endedBy('ALL'), now)
          : []),
      ])
    },
})
