import { ApiProperty } from '@nestjs/swagger'
import { chooseMisStorage } from '#domain/person/mis/choose-mis-storage'
import { explainMisStorage } from '#domain/person/mis/explain-mis-storage'
import { objectToMisStorage } from '#domain/person/mis/object-to-mis-storage'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { OneOf } from '#nest/fields'
import { equals, listOf } from '#nest/list-of'
import { misObjections } from '#read-models/mis-objections/projection'
import { misObjectionTable } from '#read-models/mis-objections/table'
import { SubjectAnswer, caseOf } from '../answers.js'
import { ExplanationBody, ObjectionBody, StorageChoiceBody } from '../bodies/mis.js'

const tag = 'erasure'
class ObjectionAnswer extends SubjectAnswer {
  @ApiProperty({ format: 'uuid' }) objectionId!: string
}
class StorageChoiceAnswer extends ObjectionAnswer {
  @ApiProperty({
    format: 'date',
    required: false,
    description: 'Of whoever leaves: the last day for the answer to the request for erasure.',
  })
  due?: string
}
const answers = {
  answers: ObjectionAnswer,
  answer: ({ subjectRef, objectionId }: Pick<ObjectionAnswer, 'subjectRef' | 'objectionId'>) => ({ subjectRef, objectionId }),
}

export const objectToMisStorageDoor = doorOf(tag, objectToMisStorage, {
  path: 'subjects/:subjectRef/mis-storage-objections',
  creates: ({ subjectRef }) => caseOf(subjectRef, 'RIGHTS_FULFILMENT'),
  body: ObjectionBody,
  input: ({ words, ...body }, ids, mint) => ({ ...body, ...ids, objectionId: mint('objection'), words: Personal.given(words) }),
  ...answers,
})
export const explainMisStorageDoor = doorOf(tag, explainMisStorage, {
  path: 'subjects/:subjectRef/mis-storage-objections/:objectionId/explanation',
  body: ExplanationBody,
  ...answers,
})
export const chooseMisStorageDoor = doorOf(tag, chooseMisStorage, {
  path: 'subjects/:subjectRef/mis-storage-objections/:objectionId/choice',
  body: StorageChoiceBody,
  input: ({ words, ...body }, ids, mint) => ({ ...body, ...ids, requestId: mint('request'), words: Personal.of(words) }),
  facts: ({ calendar }) => ({ calendar }),
  answers: StorageChoiceAnswer,
  answer: ({ subjectRef, objectionId }, events) => {
    const due = events.find(event => event.type === 'ErasureRequested')?.data.due
    return { subjectRef, objectionId, ...(due === undefined ? {} : { due }) }
  },
})

export const misObjectionList = listOf({
  operation: 'MisObjections.list',
  tag,
  path: 'mis-storage-objections',
  summary: 'Who objects to storage on the service’s systems, and what is to be done about it; without personal data',
  capability: 'READ_RIGHTS_REQUESTS',
  opens: 'RECORD_BASICS',
  projection: misObjections,
  table: misObjectionTable,
  filters: { state: equals('state', OneOf(misObjectionTable.columns.state.oneOf, { optional: true })) },
})
