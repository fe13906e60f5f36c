import { ApiProperty } from '@nestjs/swagger'
import type { Shape } from '#event-kit/field'
import { doorOf } from '#nest/door-of'
import { bodyOfShape } from '#nest/shape-body'
import {
  type Publishing,
  type ToPublish,
  approveInterestsAssessment,
  approvePolicyDocument,
  publishConsentForm,
  publishExemptions,
  publishFieldSchemas,
  publishHolidays,
  publishNotice,
  publishRecipientMatrix,
  publishRetentionPolicy,
  publishStaffPolicy,
  registerPurpose,
  setHealthOversight,
  updateContacts,
} from '#policy/publishing'
import { CommandAnswer } from '../answers.js'
import { PublishedNotices } from '../preparations/published-notices.js'

class PolicyAnswer extends CommandAnswer {
  @ApiProperty() version!: string
}

/** Where the list of what is in force is read, the next version is published. */
const publishes = <P extends string>(list: P, publishing: Publishing) => {
  const { event, fixed, name } = publishing
  const asked = Object.fromEntries(Object.entries(event.shape as Shape).filter(([property]) => !fixed.includes(property)))
  return doorOf('policies', publishing, {
    path: `policies/${list}`,
    creates: true,
    body: bodyOfShape<ToPublish>(`${name}Body`, asked, ['effectiveFrom']),
    prepare: PublishedNotices,
    fields: { POLICY_VERSION_TAKEN: 'version', POLICY_NOT_AHEAD: 'effectiveFrom' },
    answers: PolicyAnswer,
    answer: ({ version }) => ({ version }),
  })
}

export const publishNoticeDoor = publishes('notices', publishNotice)
export const publishRetentionPolicyDoor = publishes('retention', publishRetentionPolicy)
export const publishRecipientMatrixDoor = publishes('recipients', publishRecipientMatrix)
export const approveInterestsAssessmentDoor = publishes('assessments', approveInterestsAssessment)
export const approvePolicyDocumentDoor = publishes('policy-documents', approvePolicyDocument)
export const registerPurposeDoor = publishes('purposes', registerPurpose)
export const publishFieldSchemasDoor = publishes('fields', publishFieldSchemas)
export const publishConsentFormDoor = publishes('consent-forms', publishConsentForm)
export const publishHolidaysDoor = publishes('holidays', publishHolidays)
export const publishExemptionsDoor = publishes('exemptions', publishExemptions)
export const publishStaffPolicyDoor = publishes('staff-policies', publishStaffPolicy)
export const updateContactsDoor = publishes('contacts', updateContacts)
export const setHealthOversightDoor = publishes('oversight', setHealthOversight)
