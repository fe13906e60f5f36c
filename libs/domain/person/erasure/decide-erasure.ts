import { type By, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { type Scope, erasableScopes } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { person } from '../person.js'
import { ErasureApproved, type ErasureExemption, ErasureRefused } from './events.js'

export type ScopeDecision = {
  readonly scope: Scope
  readonly decision: 'ERASED' | 'RETAINED'
  readonly exemption?: ErasureExemption | undefined
}
export type DecideErasure = {
  readonly requestId: DataOfEvent<typeof ErasureApproved>['requestId']
  readonly erasureId: DataOfEvent<typeof ErasureApproved>['erasureId']
  readonly subjectRef: SubjectRef
  readonly decision: 'APPROVED' | 'REFUSED' | 'PARTLY'
  readonly consequenceExplainedAt?: string | undefined
  readonly perScope: readonly ScopeDecision[]
  readonly reasons?: Personal<string> | undefined
}
/**
 * C64, C17, C70: the DPO or the Caldicott Guardian decides, never somebody whom the request concerns; what is refused is explained. A full
 * approval keeps nothing; what is kept in part is said scope by scope, once.
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
  refusals: ['NOT_FOUND', 'ALREADY_DECIDED', 'CONFLICT_OF_INTEREST', 'CONSEQUENCE_NOT_EXPLAINED', 'REFUSAL_REASONS_INCOMPLETE'],
  decide:
    ({ decision, erasureId, ...told }: DecideErasure, { actor }: By) =>
    ({ erasures, keys }) => {
      const request = erasures.requests.get(told.requestId)
      if (!request) return refused('NOT_FOUND')
      if (request.state !== 'RECEIVED') return refused('ALREADY_DECIDED')
      if (request.concernsStaff.includes(actor.id)) return refused('CONFLICT_OF_INTEREST')
      if (decision === 'REFUSED') return told.reasons ? accept([ErasureRefused.of(told)]) : refused('REFUSAL_REASONS_INCOMPLETE')
      const twice = new Set(told.perScope.map(({ scope }) => scope)).size < told.perScope.length
      const kept = told.perScope.some(one => one.decision === 'RETAINED')
      if (twice || (decision === 'APPROVED' && kept)) return refused('REFUSAL_REASONS_INCOMPLETE')
      const scopes = told.perScope.filter(one => one.decision === 'ERASED' && one.scope !== 'EVID').map(({ scope }) => scope)
      const unexplained = told.perScope.some(one => one.decision === 'RETAINED' && one.exemption === undefined)
      const whole = decision === 'APPROVED' || erasableScopes.every(scope => scopes.includes(scope) || keys.closed.has(scope))
      if (whole) {
        if (told.consequenceExplainedAt === undefined) return refused('CONSEQUENCE_NOT_EXPLAINED')
        return accept([ErasureApproved.of({ ...told, erasureId, extent: 'ALL', scopes: erasableScopes })])
      }
      if (scopes.length === 0 || unexplained || !told.reasons) return refused('REFUSAL_REASONS_INCOMPLETE')
      return accept([ErasureApproved.of({ ...told, erasureId, extent: 'SCOPES', scopes })])
    },
})
