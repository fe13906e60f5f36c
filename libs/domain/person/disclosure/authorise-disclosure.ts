import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { Actor, StaffRole } from '#kernel/actor'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import type { Person } from '../person.js'
import { type DataShared, DisclosureAuthorised, type DisclosureEvent, DisclosureRefused } from './events.js'
import { type SharingFacts, refusedFor, sharedOf } from './share-data.js'
import { type Approver, goesAhead, judgeSharing, sharingRefusals } from './sharing-rules.js'

export type AuthoriseDisclosure = {
  readonly disclosureId: DataOfEvent<typeof DataShared>['disclosureId']
  readonly subjectRef: SubjectRef
  readonly decision: 'AUTHORISED' | 'REFUSED'
  readonly reasons?: Personal<string> | undefined
}
export const authoriseDisclosureRefusals = [
  'NOT_FOUND',
  'DISCLOSURE_NOT_PENDING',
  'SELF_APPROVAL_FORBIDDEN',
  'ROLE_NOT_PERMITTED',
  ...sharingRefusals,
] as const

/** Catalogue §5: who stands in for whom. The DPO and the Caldicott Guardian may authorise whatever a team leader may. */
const mayApprove: { readonly [A in Approver]: readonly StaffRole[] } = {
  NONE: ['team-leader', 'dpo', 'caldicott'],
  TEAM_LEADER: ['team-leader', 'dpo', 'caldicott'],
  CALDICOTT: ['caldicott', 'dpo'],
  DPO: ['dpo', 'caldicott'],
}

/** The approver that the matrix names decides, never the one who asked (C38). Every rule is judged again at that moment. */
export const authoriseDisclosure =
  (
    { disclosureId, subjectRef, decision, reasons }: AuthoriseDisclosure,
    actor: Actor,
    facts: SharingFacts,
  ): Decision<Person, DisclosureEvent, Refusal<(typeof authoriseDisclosureRefusals)[number]>> =>
  person => {
    const disclosure = person.disclosures.get(disclosureId)
    if (!disclosure) return refused('NOT_FOUND')
    if (disclosure.state !== 'REQUESTED' || !disclosure.request) return refused('DISCLOSURE_NOT_PENDING')
    if (disclosure.requestedBy === actor.id) return refused('SELF_APPROVAL_FORBIDDEN')
    const { necessity: _, recipientContact: __, orderReference, ...request } = disclosure.request
    const row = facts.policy.rows.get(request.recipient)
    const withheld = request.notification.decision === 'WITHHOLD'
    const approvers = mayApprove[withheld ? 'DPO' : (row?.approver ?? 'DPO')] as readonly string[]
    const healthOnly = actor.role === 'health-overseer' && row?.approver === 'TEAM_LEADER' && request.categories.includes('HLT')
    if (!approvers.includes(actor.role) && !healthOnly) return refused('ROLE_NOT_PERMITTED')
    if (decision === 'REFUSED') return accept([DisclosureRefused.of({ disclosureId, subjectRef, reasons })])
    const judged = judgeSharing(
      person,
      { ...request, legalProvision: request.basis.provision, hasOrderReference: orderReference !== undefined },
      facts.policy,
      facts.now,
    )
    if (!judged.row || (judged.failures.length > 0 && !goesAhead(judged, request.urgency))) return refusedFor(judged)
    return accept([
      DisclosureAuthorised.of({ disclosureId, subjectRef, approver: judged.row.approver, reasons }),
      sharedOf(person, request, judged.row, judged, facts, { requested: true }),
    ])
  }
