import { type Citation, instruments, longestProvision, longestTitle } from '#domain/person/disclosure/citation'
import {
  type DisclosureMethod,
  type NotificationDecision,
  type Urgency,
  confidentialityBases,
  disclosureMethods,
  notificationDecisions,
  urgencies,
} from '#domain/person/disclosure/events'
import type { DisclosureAsked } from '#domain/person/disclosure/disclosure-asked'
import { categories } from '#event-kit/scope'
import { Personal } from '#kernel/personal'
import { Count, DateOnly, Nested, NotTaken, OneOf, PastInstant, PolicyCode, Text } from '#nest/fields'
import { Line } from '#nest/personal-fields'

export class NotificationBody {
  @OneOf(notificationDecisions) decision!: NotificationDecision
  @PolicyCode({ optional: true, description: 'Of WITHHOLD: the code of an exemption that is on the list in force, such as SCH2-2.' })
  exemption?: string
  @NotTaken('is not given in a request: whoever may approve a withholding does so at disclosures/{disclosureId}/authorisation')
  approver?: unknown
  @DateOnly({ optional: true }) reviewOn?: string
}

/** C22: so that somebody can look it up. Whether it names a law is judged with the rest: what is immediate goes ahead of it. */
export class CitationBody implements Citation {
  @OneOf(instruments) instrument!: Citation['instrument']
  @Line(longestTitle, { description: 'Of the Act, instrument, rules or order, without its year.' }) title!: string
  @Count({ atMost: 9_999 }) year!: number
  @Line(longestProvision, { description: 'The section, article, paragraph, rule or schedule, with its number.' }) provision!: string
}

/** K12 of the catalogue: PCSC Act 2022 ss.44A to 44F. */
export class VictimRequestBody {
  @Text(2_000, { optional: true, description: 'Why the police ask, in their words.' }) reason?: string
  @DateOnly({ optional: true, description: 'The first day of the period asked about.' }) from?: string
  @DateOnly({ optional: true, description: 'The last day of it.' }) until?: string
  @Line(200, { optional: true, description: 'The form on which it was asked in writing.' }) form?: string
  @Text(2_000, { optional: true, description: 'Of counselling notes: why their probative value is substantial.' }) probativeValue?: string
}

/** What both the check and the disclosure ask. */
class SharingAsked {
  @PolicyCode() recipient!: string
  @PolicyCode() purpose!: string
  @PolicyCode({ list: true, atLeastOne: true, known: categories }) categories!: string[]
  @PolicyCode({ list: true, atLeastOne: true, description: '<category>.<name>, by the field schemas in force.' }) fields!: string[]
  @PolicyCode({ optional: true, known: confidentialityBases }) confidentialityBasis?: string
  @Nested(() => CitationBody, { optional: true, description: 'Where the law is the basis claimed.' }) legalProvision?: CitationBody
  @Line(200, { optional: true, description: 'A court’s order or summons.' }) orderReference?: string
  @PolicyCode({ optional: true, list: true, description: 'The fields that a court’s order, or the provision, names: no more goes.' })
  requiredFields?: string[]
  @Nested(() => VictimRequestBody, { optional: true, description: 'What the police ask of a victim.' }) victimRequest?: VictimRequestBody
  @Nested(() => NotificationBody, { optional: true }) notification?: NotificationBody
  @OneOf(urgencies, { optional: true, description: 'ROUTINE unless told.' }) urgency?: Urgency
  @Line(200, { optional: true }) recipientContact?: string
}

export class DisclosureBody extends SharingAsked {
  @Text(2_000, { description: 'Why this has to be shared: at least one sentence.' }) necessity!: string
  @OneOf(disclosureMethods) method!: DisclosureMethod
}

export class DisclosureCheckBody extends SharingAsked {
  @Text(2_000, { optional: true }) necessity?: string
  @OneOf(disclosureMethods, { optional: true }) method?: DisclosureMethod
}

export class SendingBody {
  @PastInstant({
    optional: true,
    description: 'When it went. Left out: it is sent now, and is refused and cancelled where something stands in its way.',
  })
  sentAt?: string
  @OneOf(disclosureMethods, { optional: true, description: 'As the disclosure says, unless told.' }) method?: DisclosureMethod
}

export class AuthorisationBody {
  @OneOf(['AUTHORISED', 'REFUSED']) decision!: 'AUTHORISED' | 'REFUSED'
  @Text(2_000, { optional: true }) reasons?: string
}

/** What is asked, without the words: those are sealed. */
export const sharingIn = ({
  necessity,
  recipientContact,
  orderReference,
  urgency = 'ROUTINE',
  notification,
  victimRequest,
  ...body
}: DisclosureBody) => ({
  ...body,
  urgency,
  notification: notificationOf(notification),
  necessity: Personal.of(necessity),
  recipientContact: Personal.given(recipientContact),
  orderReference: Personal.given(orderReference),
  victimRequest: victimRequest && {
    ...victimRequest,
    form: Personal.given(victimRequest.form),
    reason: Personal.given(victimRequest.reason),
    probativeValue: Personal.given(victimRequest.probativeValue),
  },
})

export const notificationOf = (body: NotificationBody | undefined): DisclosureAsked['notification'] =>
  body && { decision: body.decision, exemption: body.exemption, reviewOn: body.reviewOn }
