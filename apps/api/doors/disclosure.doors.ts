import { authoriseDisclosure } from '#domain/person/disclosure/authorise-disclosure'
import { recordSending } from '#domain/person/disclosure/record-sending'
import { shareData } from '#domain/person/disclosure/share-data'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { disclosureApprovers } from '#policy/approving'
import { AuthorisationAnswer, DisclosureAnswer, SendingAnswer } from '../answers.js'
import { AuthorisationBody, DisclosureBody, SendingBody, sharingIn } from '../bodies/disclosure.js'
import { LookingAgain } from '../preparations/looking-again.js'
import { sharingFacts } from '../sharing-facts.js'

const tag = 'disclosure'

export const shareDataDoor = doorOf(tag, shareData, {
  path: 'subjects/:subjectRef/disclosures',
  creates: ({ receipt }) => receipt,
  body: DisclosureBody,
  input: (body, ids, mint) => ({ ...sharingIn(body), ...ids, disclosureId: mint('disclosure') }),
  facts: sharingFacts,
  answers: DisclosureAnswer,
  answer: ({ subjectRef, disclosureId }, events) => ({
    subjectRef,
    disclosureId,
    state: events.some(({ type }) => type === 'DataShared') ? ('QUEUED' as const) : ('REQUESTED' as const),
    receipt: `/v1/disclosures/${disclosureId}/receipt`,
  }),
})

export const authoriseDisclosureDoor = doorOf(tag, authoriseDisclosure, {
  path: 'subjects/:subjectRef/disclosures/:disclosureId/authorisation',
  body: AuthorisationBody,
  input: ({ reasons, ...body }, ids) => ({ ...body, ...ids, reasons: Personal.given(reasons) }),
  facts: (policy, { actor }) => ({
    ...sharingFacts(policy),
    mayApprove: ({ approver, ...of }) => disclosureApprovers(approver, of).some(role => role === actor.role),
  }),
  answers: AuthorisationAnswer,
  answer: ({ subjectRef, disclosureId, decision }) => ({
    subjectRef,
    disclosureId,
    state: decision === 'REFUSED' ? ('REFUSED' as const) : ('QUEUED' as const),
  }),
})

export const recordSendingDoor = doorOf(tag, recordSending, {
  path: 'subjects/:subjectRef/disclosures/:disclosureId/sending',
  body: SendingBody,
  prepare: LookingAgain,
  answers: SendingAnswer,
  answer: ({ subjectRef, disclosureId }, events) => {
    const { sentAt = '', reviewItems = [] } = (events.at(-1)?.data ?? {}) as { readonly sentAt?: string; readonly reviewItems?: string[] }
    return { subjectRef, disclosureId, state: 'SENT' as const, sentAt, reviewItems }
  },
})
