import { type By, command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { Category } from '#event-kit/scope'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { person } from '../person.js'
import { type DataShared, DisclosureAuthorised, DisclosureRefused } from './events.js'
import { askedIn } from './looked-at-again.js'
import type { Approver } from './matrix-row.js'
import { type SharingFacts, groundOf, refusedFor, sharedOf } from './share-data.js'
import { sharingRefusals } from './sharing-refusals.js'
import { goesAhead, judgeSharing } from './sharing-rules.js'

export type AuthoriseDisclosure = {
  readonly disclosureId: DataOfEvent<typeof DataShared>['disclosureId']
  readonly subjectRef: SubjectRef
  readonly decision: 'AUTHORISED' | 'REFUSED'
  readonly reasons?: Personal<string> | undefined
}
/**
 * Who approves what, of the roles and appointments in force. A withholding is the DPO's or the Caldicott Guardian's, whatever the row
 * says.
 */
export type ApprovalRights = {
  readonly mayApprove: (disclosure: {
    readonly approver: Approver
    readonly withheld: boolean
    readonly categories: readonly Category[]
  }) => boolean
}

/** The approver that the matrix names decides, never the one who asked. Every rule is judged again at that moment. */
export const authoriseDisclosure = command({
  name: 'AuthoriseDisclosure',
  clauses: ['C22'],
  says: 'Authorise or refuse a requested disclosure; never one’s own',
  aggregate: person,
  streamId: ({ subjectRef }: AuthoriseDisclosure) => subjectRef,
  capability: ['AUTHORISE_DISCLOSURE_ROUTINE', 'AUTHORISE_DISCLOSURE_LEGAL', 'AUTHORISE_DISCLOSURE_WITHHELD'],
  may: 'APPROVE',
  purpose: 'SERVICE_PROVISION',
  basis: { art6: 'f' },
  categories: noCategories,
  // As for the request: the matrix judges it again. A no is taken whatever has become of the person: nothing is shared by it.
  exemptFrom: ({ decision }) => (decision === 'REFUSED' ? ['W2', 'W3', 'W6'] : ['W2', 'W3']),
  refusals: ['NOT_FOUND', 'DISCLOSURE_NOT_PENDING', 'SELF_APPROVAL_FORBIDDEN', 'ROLE_NOT_PERMITTED', ...sharingRefusals],
  decide:
    (
      { disclosureId, subjectRef, decision, reasons }: AuthoriseDisclosure,
      { actor, mayApprove, ...facts }: SharingFacts & By & ApprovalRights,
    ) =>
    person => {
      const disclosure = person.disclosures.get(disclosureId)
      if (!disclosure) return refused('NOT_FOUND')
      if (disclosure.state !== 'REQUESTED' || !disclosure.request) return refused('DISCLOSURE_NOT_PENDING')
      if (disclosure.requestedBy === actor.id) return refused('SELF_APPROVAL_FORBIDDEN')
      const { necessity: _, recipientContact: __, orderReference, ...request } = disclosure.request
      const approver = facts.policy.rows.get(request.recipient)?.approver ?? 'DPO'
      const withheld = request.notification.decision === 'WITHHOLD'
      if (!mayApprove({ approver, withheld, categories: request.categories })) return refused('ROLE_NOT_PERMITTED')
      const ground = groundOf(request)
      if (decision === 'REFUSED') return accept([{ ...DisclosureRefused.of({ disclosureId, subjectRef, reasons }), ...ground }])
      const judged = judgeSharing(person, askedIn({ ...request, hasOrderReference: orderReference !== undefined }), facts.policy, facts.now)
      if (!judged.row || (judged.failures.length > 0 && !goesAhead(judged, request.urgency))) return refusedFor(judged)
      return accept([
        { ...DisclosureAuthorised.of({ disclosureId, subjectRef, approver: judged.row.approver, reasons }), ...ground },
        sharedOf(person, request, judged.row, judged, facts, { requested: true }),
      ])
    },
})
