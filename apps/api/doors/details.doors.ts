import { recordDetails } from '#domain/person/details/record-details'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { ofSubject } from '../answers.js'
import { DetailsBody } from '../bodies/details.js'
import { SearchableDetails, tidied } from '../preparations/searchable-details.js'

export const recordDetailsDoor = doorOf('record', recordDetails, {
  path: 'subjects/:subjectRef/details',
  body: DetailsBody,
  input: (body, ids) => ({
    ...ids,
    category: body.category,
    provenance: body.provenance,
    items: Object.fromEntries(Object.entries(tidied(body)).map(([name, value]) => [name, Personal.of(value)])),
  }),
  prepare: SearchableDetails,
  fields: { NHS_NUMBER_INVALID: 'items.nhsNumber' },
  ...ofSubject,
})
