import { bankHolidays } from '#calendar/bank-holidays'
import { fieldSchemas } from './default-pack/field-schemas.js'
import { matrixRows } from './default-pack/matrix-rows.js'
import { purposes } from './default-pack/purposes.js'
import {
  AppropriatePolicyDocumentApproved,
  ConsentFormPublished,
  FieldSchemasPublished,
  HolidayCalendarPublished,
  LegitimateInterestAssessmentApproved,
  NoticeVersionPublished,
  type PolicyEvent,
  type PolicyName,
  PurposeRegistered,
  RecipientMatrixPublished,
  RetentionPolicyPublished,
} from './events.js'

/**
 * The policy pack that `npm start` publishes into an empty log. DEMO: its assessments were made for no real service; production refuses
 * it.
 */
const published = { version: 'DEMO-1', effectiveFrom: '2020-01-01T00:00:00.000Z' } as const
const reviewBy = '2099-01-01T00:00:00.000Z'

/** What stands in which policy stream. */
export const defaultPack: { readonly [N in PolicyName]: readonly PolicyEvent[] } = {
  notice: [NoticeVersionPublished.of({ ...published, title: 'IPS privacy notice (DEMO)' })],
  retention: [RetentionPolicyPublished.of({ ...published, yearsAfterServiceEnd: 10 })],
  recipients: [RecipientMatrixPublished.of({ ...published, rows: matrixRows })],
  assessments: [
    LegitimateInterestAssessmentApproved.of({ ...published, reviewBy, demo: true }),
    AppropriatePolicyDocumentApproved.of({ ...published, reviewBy, demo: true }),
  ],
  purposes: Object.entries(purposes).map(([purpose, wanted]) => PurposeRegistered.of({ ...published, purpose, categories: wanted })),
  fields: [FieldSchemasPublished.of({ ...published, fields: fieldSchemas })],
  forms: [
    ConsentFormPublished.of({ ...published, version: 'SCF-1', form: 'SHARING', statesWithdrawal: true, statesFreedomToRefuse: true }),
    ConsentFormPublished.of({ ...published, version: 'PHE-1', form: 'PHE', statesWithdrawal: true, statesFreedomToRefuse: true }),
  ],
  calendar: [HolidayCalendarPublished.of({ ...published, holidays: Array.from({ length: 31 }, (_, n) => bankHolidays(2015 + n)).flat() })],
}
