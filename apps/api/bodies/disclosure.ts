import {
  type DisclosureMethod,
  type NotificationDecision,
  type Urgency,
  confidentialityBases,
  disclosureMethods,
  isCitation,
  notificationDecisions,
  urgencies,
} from '#domain/person/disclosure/events'
import type { DisclosureAsked } from '#domain/person/disclosure/disclosure-asked'
import { categories } from '#event-kit/scope'
import { Personal } from '#kernel/personal'
import { Checked, DateOnly, Nested, OneOf, PolicyCode, Text, isUuid } from '#nest/fields'
import { Line } from '#nest/personal-fields'

const isApprover = (value: unknown) =>
  isUuid(value) || (typeof value === 'string' && /^(dpo|caldicott([-_ ]guardian)?|team[-_ ]leader)$/i.test(value))

export class NotificationBody {
  @OneOf(notificationDecisions) decision!: NotificationDecision
  @Text(64, { optional: true, description: 'A code or a citation, such as DPA 2018 Sch 2 para 2. Anything else is no exemption.' })
  exemption?: string
  @Checked(
    'approver',
    'must be a role, such as dpo or caldicott, or a staffRef',
    isApprover,
    { type: 'string' },
    { optional: true, description: 'Who approved the withholding: a role or a staffRef.' },
  )
  approver?: string
  @DateOnly({ optional: true }) reviewOn?: string
}

/** What both the check and the disclosure ask. */
class SharingAsked {
  @PolicyCode() recipient!: string
  @PolicyCode() purpose!: string
  @PolicyCode({ list: true, atLeastOne: true, known: categories }) categories!: string[]
  @PolicyCode({ list: true, atLeastOne: true, description: '<category>.<name>, by the field schemas in force.' }) fields!: string[]
  @PolicyCode({ optional: true, known: confidentialityBases }) confidentialityBasis?: string
  @Line(120, { optional: true, description: 'The Act, year and section, where the law is the basis claimed.' }) legalProvision?: string
  @Line(200, { optional: true, description: 'A court’s order or summons.' }) orderReference?: string
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

export class AuthorisationBody {
  @OneOf(['AUTHORISED', 'REFUSED']) decision!: 'AUTHORISED' | 'REFUSED'
  @Text(2_000, { optional: true }) reasons?: string
}

/** What is asked, without the words: those are sealed. */
export const sharingIn = ({ necessity, recipientContact, orderReference, urgency = 'ROUTINE', notification, ...body }: DisclosureBody) => ({
  ...body,
  urgency,
  notification: notificationOf(notification),
  necessity: Personal.of(necessity),
  recipientContact: Personal.given(recipientContact),
  orderReference: Personal.given(orderReference),
})

/** In the clear an exemption and an approver are codes: a citation becomes one, and what is neither counts as not given. */
const asCode = (text: string | undefined) =>
  text !== undefined
  && ((/^[A-Z][A-Z0-9_-]*\d[A-Z0-9_-]*$/.test(text) && !/\d{4}/.test(text)) || /^[A-Z]+(_[A-Z]+)+$/.test(text) || isCitation(text))
    ? text
        .trim()
        .replace(/[^A-Za-z0-9_.]+/g, '-')
        .replace(/-$/, '')
    : undefined
export const notificationOf = (body: NotificationBody | undefined): DisclosureAsked['notification'] =>
  body && { ...body, exemption: asCode(body.exemption), approver: body.approver?.replace(/ /g, '-') }
