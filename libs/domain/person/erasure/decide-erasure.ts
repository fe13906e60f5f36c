import type { HolidayCalendar } from '#calendar/statutory-periods'
import { type At, type By, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { erasableScopes } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { person } from '../person.js'
import { type ErasureDecision, heldScopes, isWhole, whatIsWrong } from './decision-in-full.js'
import { ErasureApproved, ErasureRefused } from './events.js'
import { cancelled, isBeingSent, isDeferred, pendingOn } from './what-is-pending.js'

export type DecideErasure = ErasureDecision & {
  readonly requestId: DataOfEvent<typeof ErasureApproved>['requestId']
  readonly erasureId: DataOfEvent<typeof ErasureApproved>['erasureId']
  readonly subjectRef: SubjectRef
  readonly consequenceExplainedAt?: string | undefined
}
export type ErasureFacts = At & By & { readonly calendar: HolidayCalendar }
/**
 * C64, C17, C70: the DPO or the Caldicott Guardian decides, never somebody whom the request concerns; what is refused is explained. A full
 * approval keeps nothing; in part, each scope that is held is decided on, once. What is asked for or on its way, and says what is to be
 * erased, is cancelled in the same append; what protects somebody goes first.
 */
export const decideErasure = command({
  name: 'DecideErasure',
  clauses: ['C64', 'C17', 'C70'],
  says: 'Decide a request for erasure; an approval is carried out by itself',
  aggregate: person,
  streamId: ({ subjectRef }: DecideErasure) => subjectRef,
  capability: 'DECIDE_RIGHTS',
  may: 'APPROVE',
  purpose: 'RIGHTS_FULFILMENT',
  basis: { art6: 'c' },
  // A request that came after an erasure is decided, too.
  categories: noCategories,
  exemptFrom: ['W6'],
  refusals: [
    'NOT_FOUND',
    'ALREADY_DECIDED',
    'CONFLICT_OF_INTEREST',
    'CONSEQUENCE_NOT_EXPLAINED',
    'REFUSAL_REASONS_INCOMPLETE',
    'ERASURE_DEFERRED_SAFEGUARDING',
    'DISCLOSURE_BEING_SENT',
  ],
  decide:
    (asked: DecideErasure, { actor, now, calendar }: ErasureFacts) =>
    person => {
      const { decision, erasureId, ...told } = asked
      const { erasures, keys } = person
      const request = erasures.requests.get(told.requestId)
      if (!request) return refused('NOT_FOUND')
      if (request.state !== 'RECEIVED') return refused('ALREADY_DECIDED')
      if (request.concernsStaff.includes(actor.id)) return refused('CONFLICT_OF_INTEREST')
      const held = heldScopes(keys)
      const wrong = whatIsWrong(asked, held)
      if (wrong.length > 0) return refused('REFUSAL_REASONS_INCOMPLETE', wrong)
      if (decision === 'REFUSED') return accept([ErasureRefused.of(told)])
      const whole = isWhole(asked, held)
      if (whole && told.consequenceExplainedAt === undefined) return refused('CONSEQUENCE_NOT_EXPLAINED')
      const scopes = whole ? erasableScopes : told.perScope.filter(one => one.decision === 'ERASED').map(({ scope }) => scope)
      if (isDeferred(person, scopes, now, calendar)) return refused('ERASURE_DEFERRED_SAFEGUARDING')
      if (isBeingSent(person, scopes)) return refused('DISCLOSURE_BEING_SENT')
      return accept([
        ErasureApproved.of({ ...told, erasureId, extent: whole ? 'ALL' : 'SCOPES', scopes }),
        ...cancelled(pendingOn(person, scopes), told.subjectRef, now),
      ])
    },
})
