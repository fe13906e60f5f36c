import { correctDetails } from '#domain/person/details/correct-details'
import { endEqualityOptOut, receiveEqualityOptOut } from '#domain/person/details/equality-opt-out'
import { markRecordedInError } from '#domain/person/details/mark-recorded-in-error'
import { recordDemographics } from '#domain/person/details/record-demographics'
import { recordDetails } from '#domain/person/details/record-details'
import { recordOffenceData } from '#domain/person/details/record-offence-data'
import type { SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { ofSubject } from '../answers.js'
import { DemographicsBody, DetailsBody, ErrorBody, OffenceBody, OptOutBody, OptOutEndBody, itemsIn } from '../bodies/details.js'
import { DemographicsByPolicy } from '../preparations/demographics-by-policy.js'
import { FoundNoMore } from '../preparations/found-no-more.js'
import { OffencesByPolicy } from '../preparations/offences-by-policy.js'
import { SearchableDetails, tidied } from '../preparations/searchable-details.js'

const tag = 'record'
const detailsIn = (body: DetailsBody, ids: { readonly subjectRef: SubjectRef }) => ({
  ...ids,
  category: body.category,
  provenance: body.provenance,
  items: itemsIn(tidied(body)),
})

export const recordDetailsDoor = doorOf(tag, recordDetails, {
  path: 'subjects/:subjectRef/details',
  body: DetailsBody,
  input: detailsIn,
  prepare: SearchableDetails,
  fields: { NHS_NUMBER_INVALID: 'items.nhsNumber' },
  ...ofSubject,
})
export const correctDetailsDoor = doorOf(tag, correctDetails, {
  path: 'subjects/:subjectRef/details/correction',
  body: DetailsBody,
  input: detailsIn,
  prepare: SearchableDetails,
  fields: { NHS_NUMBER_INVALID: 'items.nhsNumber', FIELD_NOT_HELD: 'items' },
  ...ofSubject,
})
export const recordDemographicsDoor = doorOf(tag, recordDemographics, {
  path: 'subjects/:subjectRef/demographics',
  body: DemographicsBody,
  input: ({ items, declined = [], ...body }, ids) => ({ ...body, ...ids, items: itemsIn(items), declined }),
  prepare: DemographicsByPolicy,
  ...ofSubject,
})
export const recordOffenceDataDoor = doorOf(tag, recordOffenceData, {
  path: 'subjects/:subjectRef/offence-data',
  body: OffenceBody,
  input: ({ items, ...body }, ids) => ({ ...body, ...ids, items: itemsIn(items) }),
  prepare: OffencesByPolicy,
  fields: { SCHEDULE1_CONDITION_MISSING: 'condition', APPROPRIATE_POLICY_DOCUMENT_MISSING: 'condition', CONDITION_NOT_MET: 'condition' },
  ...ofSubject,
})
export const receiveEqualityOptOutDoor = doorOf(tag, receiveEqualityOptOut, {
  path: 'subjects/:subjectRef/equality-opt-out',
  body: OptOutBody,
  ...ofSubject,
})
export const endEqualityOptOutDoor = doorOf(tag, endEqualityOptOut, {
  path: 'subjects/:subjectRef/equality-opt-out/end',
  body: OptOutEndBody,
  ...ofSubject,
})
export const markRecordedInErrorDoor = doorOf(tag, markRecordedInError, {
  path: 'subjects/:subjectRef/recorded-in-error',
  body: ErrorBody,
  input: ({ reasons, markedAt, ...body }, ids) => ({ ...body, ...ids, markedAt, reasons: Personal.of(reasons) }),
  prepare: FoundNoMore,
  fields: { NOT_FOUND: 'withdrawn' },
  ...ofSubject,
})
