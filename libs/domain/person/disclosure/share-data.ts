import { command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { JsonValue } from '#kernel/json'
import type { SubjectRef } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { type Result, accept, refuse } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import { type Person, person } from '../person.js'
import { lawfulBasisOf } from './basis-rules.js'
import type { DisclosureAsked } from './disclosure-asked.js'
import { type ConfidentialityBasis, DataShared, DisclosureAuthorised, type DisclosureMethod, DisclosureRequested } from './events.js'
import type { MatrixRow, SharingPolicy } from './matrix-row.js'
import { type SharingRefusal, sharingRefusals } from './sharing-refusals.js'
import { type Judgement, goesAhead, judgeSharing, needsApproval } from './sharing-rules.js'
import { type VictimRequest, kept, lookedAt } from './victim-request.js'

export type ShareData = Omit<DisclosureAsked, 'hasOrderReference' | 'citedAsText' | 'victimRequest'> & {
  readonly disclosureId: DataOfEvent<typeof DataShared>['disclosureId']
  readonly subjectRef: SubjectRef
  readonly method: DisclosureMethod
  readonly necessity: Personal<string>
  readonly recipientContact?: Personal<string> | undefined
  readonly orderReference?: Personal<string> | undefined
  readonly victimRequest?: VictimRequest<Personal<string>> | undefined
}
/** `digest` is SHA-256 over the sealed envelopes: made outside, because the domain never looks into a sealed value. */
export type SharingFacts = {
  readonly policy: SharingPolicy
  readonly now: string
  readonly digest: (sealed: readonly Personal<JsonValue>[]) => string
}

/**
 * C22 to C44: judged by the recipient matrix. Where the matrix names no approver the disclosure is authorised and shared in one append;
 * otherwise it waits for the approver. Its events carry the disclosure's own purpose and basis.
 */
export const shareData = command({
  name: 'ShareData',
  clauses: ['C22', 'C36'],
  says: 'Share data with a recipient of the matrix, or ask its approver',
  aggregate: person,
  streamId: ({ subjectRef }: ShareData) => subjectRef,
  capability: 'REQUEST_DISCLOSURE',
  purpose: 'SERVICE_PROVISION',
  basis: { art6: 'f' },
  // Judged by the matrix row: C24.
  categories: noCategories,
  // The matrix judges the purpose and the basis of each row, and what goes ahead of paperwork; where somebody is in danger, nobody's
  // training is asked about.
  exemptFrom: ({ urgency }) => (urgency === 'IMMEDIATE' ? ['W2', 'W3', 'W7'] : ['W2', 'W3']),
  refusals: ['NOT_FOUND', ...sharingRefusals],
  decide: (asked: ShareData, facts: SharingFacts) => person => {
    if (!person.intake.referral) return refused('NOT_FOUND')
    if (person.disclosures.has(asked.disclosureId)) return accept([])
    const judged = judgeSharing(person, lookedOver(asked), facts.policy, facts.now)
    const { row } = judged
    if (!row || !permits(judged, asked)) return refusedFor(judged)
    const request = requestOf(asked, judged, facts.policy)
    const { necessity, recipientContact, orderReference, disclosureId, subjectRef } = asked
    if (needsApproval(judged) && !goesAhead(judged, asked.urgency))
      return accept([{ ...DisclosureRequested.of({ ...request, necessity, recipientContact, orderReference }), ...groundOf(request) }])
    return accept([
      { ...DisclosureAuthorised.of({ disclosureId, subjectRef, approver: 'NONE' }), ...groundOf(request) },
      sharedOf(person, request, row, judged, facts, { necessity, recipientContact, orderReference, requested: false }),
    ])
  },
})

const permits = (judged: Judgement, { urgency }: Pick<DisclosureAsked, 'urgency'>) =>
  judged.failures.length === 0 || goesAhead(judged, urgency)
/** What a disclosure rests on, whoever writes of it. */
export const groundOf = ({ purpose, basis }: Pick<DataOfEvent<typeof DisclosureRequested>, 'purpose' | 'basis'>) => ({
  purpose,
  basis: lawfulBasisOf(basis),
})
const lookedOver = ({ victimRequest, ...asked }: ShareData): DisclosureAsked => ({
  ...asked,
  hasOrderReference: asked.orderReference !== undefined,
  victimRequest: lookedAt(victimRequest),
})

export function refusedFor({ failures }: Judgement): Result<never, Refusal<SharingRefusal>> {
  const [code = 'RECIPIENT_NOT_IN_MATRIX', ...also] = failures
  return refuse({ code, also })
}

type Request = Omit<DataOfEvent<typeof DisclosureRequested>, 'necessity' | 'recipientContact' | 'orderReference'>

function requestOf(asked: ShareData, judged: Judgement, { matrixVersion, exemptions }: SharingPolicy): Request {
  const { disclosureId, subjectRef, recipient, purpose, method, urgency, fields, requiredFields, victimRequest } = asked
  const { row } = judged
  return {
    disclosureId,
    subjectRef,
    recipient,
    purpose,
    method,
    urgency,
    fields,
    matrixVersion,
    categories: asked.categories as Request['categories'],
    confidentialityBasis: asked.confidentialityBasis as ConfidentialityBasis,
    notification: notificationOf(asked, judged, exemptions.version),
    basis: judged.basis ?? { art6: 'f' },
    // Nothing is kept that its row does not ask for.
    requiredFields: row?.fieldsNamedBy === 'REQUIREMENT' ? requiredFields : undefined,
    ...(row?.precondition === 'VICTIM_REQUEST' ? kept(victimRequest) : {}),
    protects: row?.protects ?? false,
  }
}

/** An exemption is named where one is used: with the list that it is on. */
function notificationOf({ notification }: ShareData, { informDecision = 'INFORM_BEFORE' }: Judgement, exemptions: string | undefined) {
  const { exemption, reviewOn } = notification ?? {}
  return informDecision === 'WITHHOLD'
    ? { decision: informDecision, exemption, exemptions, reviewOn }
    : { decision: informDecision, reviewOn }
}

type Words = Pick<DataOfEvent<typeof DataShared>, 'necessity' | 'recipientContact' | 'orderReference' | 'requested'>

/** The disclosure itself, with the consent it rests on and a digest of what was shared. */
export function sharedOf(
  person: Person,
  request: Request,
  row: MatrixRow,
  judged: Judgement,
  { digest }: Pick<SharingFacts, 'digest'>,
  words: Words,
) {
  const values = request.fields.flatMap(field => person.held.get(field)?.value ?? [])
  const { consentEventId, consentFormVersion } = judged
  const shared = DataShared.of({
    ...request,
    ...words,
    recipientName: row.name,
    destinationCountry: 'GB',
    itemCount: values.length,
    sealedDigest: digest(values),
    consentEventId: consentEventId as DataOfEvent<typeof DataShared>['consentEventId'],
    consentFormVersion,
    // What went ahead without its approver is for the Caldicott Guardian to look at, like the paperwork, and what is said to save a life.
    reviewItems: [
      ...judged.failures,
      ...(words.requested ? [] : missingApprovals(judged)),
      ...(request.basis.art6 === 'd' ? ['VITAL_INTERESTS'] : []),
    ],
  })
  return { ...shared, ...groundOf(request) }
}

const missingApprovals = ({ row, informDecision }: Judgement) => [
  ...(row && row.approver !== 'NONE' ? [`APPROVAL_${row.approver}`] : []),
  ...(informDecision === 'WITHHOLD' ? ['APPROVAL_WITHHELD'] : []),
]
