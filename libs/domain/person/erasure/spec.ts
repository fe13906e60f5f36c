import { specFor } from '#decider/spec'
import type { Scope } from '#event-kit/scope'
import type { KeyId, StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { erasureId, requestId, subjectRef } from '../invented.js'
import { person } from '../person.js'
import type { DecideErasure } from './decide-erasure.js'

/** What the specs of erasures have in common: somebody of whom something is held, and the approval of their request. */
export const { given } = specFor(person)
const { SubjectKeyCreated: keyed, ErasureApproved: approved } = examples
export const dpo = { id: '00000000-0000-4000-8000-000000000002' as StaffRef, role: 'dpo' } as const
export const now = '2026-11-24T10:00:00.000Z'
export const decision: DecideErasure = {
  requestId,
  erasureId,
  subjectRef,
  decision: 'APPROVED',
  consequenceExplainedAt: approved.data.consequenceExplainedAt,
  perScope: [],
  reasons: approved.data.reasons,
}
/** Something of each of these scopes is held. */
export const holding = (...of: readonly Scope[]) =>
  of.map((scope, n) => ({ ...keyed, data: { ...keyed.data, scope, kid: `00000000-0000-4000-8000-0000000001${10 + n}` as KeyId } }))
