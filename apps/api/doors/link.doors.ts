import { linkRecords } from '#domain/person/links/link-records'
import { tellRecordsApart } from '#domain/person/links/tell-records-apart'
import { doorOf } from '#nest/door-of'
import { listOf } from '#nest/list-of'
import { duplicates } from '#read-models/duplicates/projection'
import { duplicateTable, toCompare } from '#read-models/duplicates/table'
import { ofSubject } from '../answers.js'
import { ApartBody, LinkBody } from '../bodies/links.js'
import { TheOtherRecord } from '../preparations/the-other-record.js'

const tag = 'record'

export const linkRecordsDoor = doorOf(tag, linkRecords, {
  path: 'subjects/:subjectRef/links',
  body: LinkBody,
  prepare: TheOtherRecord,
  fields: { OTHER_RECORD_NOT_FOUND: 'samePersonAs' },
  ...ofSubject,
})
export const tellRecordsApartDoor = doorOf(tag, tellRecordsApart, {
  path: 'subjects/:subjectRef/links/end',
  body: ApartBody,
  fields: { OTHER_RECORD_NOT_FOUND: 'other' },
  ...ofSubject,
})

export const duplicateList = listOf({
  operation: 'Duplicates.list',
  tag,
  path: 'duplicates',
  summary: 'Who may have an older record here, of which nobody has said yet whether it is theirs (C10); without personal data',
  capability: 'COMPARE_RECORDS',
  opens: 'RECORD_BASICS',
  projection: duplicates,
  table: duplicateTable,
  forReader: () => toCompare,
})
