import {
  type DisclosureMethod,
  type NotificationDecision,
  type Urgency,
  confidentialityBases,
  disclosureMethods,
  notificationDecisions,
  urgencies,
} from '#domain/person/disclosure/events'
import { categories } from '#event-kit/scope'
import { Checked, DateOnly, Nested, OneOf, PolicyCode, Text, isUuid } from '#nest/fields'

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
  @Text(120, { optional: true, description: 'The Act, year and section, where the law is the basis claimed.' }) legalProvision?: string
  @Text(200, { optional: true, description: 'A court’s order or summons.' }) orderReference?: string
  @Nested(() => NotificationBody, { optional: true }) notification?: NotificationBody
  @OneOf(urgencies, { optional: true, description: 'ROUTINE unless told.' }) urgency?: Urgency
  @Text(200, { optional: true }) recipientContact?: string
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
