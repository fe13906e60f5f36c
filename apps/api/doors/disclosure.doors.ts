import { authoriseDisclosure } from '#domain/person/disclosure/authorise-disclosure'
import { shareData } from '#domain/person/disclosure/share-data'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { disclosureApprovers } from '#policy/approving'
import { AuthorisationAnswer, DisclosureAnswer } from '../answers.js'
import { AuthorisationBody, DisclosureBody } from '../bodies/disclosure.js'
import { notificationOf, sharingFacts } from '../sharing-facts.js'

const tag = 'disclosure'

export const shareDataDoor = doorOf(shareData, {
  tag,
  path: 'subjects/:subjectRef/disclosures',
  creates: true,
  body: DisclosureBody,
  input: ({ necessity, recipientContact, orderReference, urgency = 'ROUTINE', notification, ...body }, ids, mint) => ({
    ...body,
    ...ids,
    urgency,
    disclosureId: mint('disclosure'),
    notification: notificationOf(notification),
    necessity: Personal.of(necessity),
    recipientContact: Personal.given(recipientContact),
    orderReference: Personal.given(orderReference),
  }),
  facts: sharingFacts,
  answers: DisclosureAnswer,
  answer: ({ subjectRef, disclosureId }, events) => ({
    subjectRef,
    disclosureId,
    state: events.some(({ type }) => type === 'DataShared') ? ('SENT' as const) : ('REQUESTED' as const),
    receipt: `/v1/disclosures/${disclosureId}/receipt`,
  }),
})

export const authoriseDisclosureDoor = doorOf(authoriseDisclosure, {
  tag,
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
    state: decision === 'REFUSED' ? ('REFUSED' as const) : ('SENT' as const),
  }),
})
