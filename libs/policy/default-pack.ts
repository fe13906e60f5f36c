import { bankHolidays } from '#calendar/bank-holidays'
import { type ConsentFormKind, consentForms } from '#kernel/consent-form'
import { documented, interests } from './default-pack/assessed.js'
import { contacts } from './default-pack/contacts.js'
import { exemptions } from './default-pack/exemptions.js'
import { fieldSchemas } from './default-pack/field-schemas.js'
import { matrixRows } from './default-pack/matrix-rows.js'
import { purposes } from './default-pack/purposes.js'
import {
  AppropriatePolicyDocumentApproved,
  ConsentFormPublished,
  ContactsUpdated,
  ExemptionsPublished,
  FieldSchemasPublished,
  HolidayCalendarPublished,
  LegitimateInterestAssessmentApproved,
  NoticeVersionPublished,
  PurposeRegistered,
  RecipientMatrixPublished,
  RetentionPolicyPublished,
} from './events.js'
import type { PolicyPack } from './pack.js'

/**
 * The policy pack that `npm start` publishes into an empty log. DEMO: its assessments were made for no real service; production refuses
 * it.
 */
const published = { version: 'DEMO-2', effectiveFrom: '2020-01-01T00:00:00.000Z' } as const
const reviewBy = '2099-01-01T00:00:00.000Z'

/** The notice, the retention and the calendar are those of DEMO-1: what people were told has not changed. */
const unchanged = { ...published, version: 'DEMO-1' } as const
const formVersions: { readonly [F in ConsentFormKind]: string } = { SHARING: 'SCF-1', PHE: 'PHE-1', NDTMS_IPS: 'NDTMS-IPS-1' }
const assessed = { ...published, reviewBy, demo: true, everything: false } as const

/** What stands in which policy stream. */
export const defaultPack: PolicyPack = {
  // It does not tell of recognised legitimate interests: until one does, nothing but the urgent rests on them.
  notice: [NoticeVersionPublished.of({ ...unchanged, title: 'IPS privacy notice (DEMO)', bases: ['a', 'c', 'd', 'f'] })],
  retention: [RetentionPolicyPublished.of({ ...unchanged, yearsAfterServiceEnd: 10 })],
  recipients: [RecipientMatrixPublished.of({ ...published, rows: matrixRows })],
  assessments: [
    ...interests.map(purpose => LegitimateInterestAssessmentApproved.of({ ...assessed, purposes: [purpose] })),
    ...documented.map(one => AppropriatePolicyDocumentApproved.of({ ...assessed, covers: [one] })),
  ],
  purposes: Object.entries(purposes).map(([purpose, wanted]) => PurposeRegistered.of({ ...published, purpose, categories: wanted })),
  fields: [FieldSchemasPublished.of({ ...published, fields: fieldSchemas })],
  forms: [
    ...consentForms.map(form =>
      ConsentFormPublished.of({ ...published, version: formVersions[form], form, statesWithdrawal: true, statesFreedomToRefuse: true }),
    ),
  ],
  calendar: [HolidayCalendarPublished.of({ ...unchanged, holidays: Array.from({ length: 31 }, (_, n) => bankHolidays(2015 + n)).flat() })],
  exemptions: [ExemptionsPublished.of({ ...published, exemptions })],
  contacts: [ContactsUpdated.of({ ...published, demo: true, ...contacts })],
  // Those who try the service out have no policies to read, and nobody to appoint: a service of its own says so of itself.
  'staff-policies': [],
  oversight: [],
}
