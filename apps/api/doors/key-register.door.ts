import { person } from '#domain/person/person'
import { listOf } from '#nest/list-of'
import { keyRegister } from '#read-models/key-register/projection'
import { keyTable } from '#read-models/key-register/table'

export const keysOfOne = listOf({
  operation: 'KeyRegister.of',
  tag: 'erasure',
  path: 'subjects/:subjectRef/keys',
  summary: 'The register of a person’s crypto-shredding keys',
  capability: 'READ_LEDGER',
  projection: keyRegister,
  table: keyTable,
  of: person,
  whole: true,
})
