import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { subjectRef } from '../invented.js'
import { type LinkEvent, PossibleDuplicateFound, RecordsLinked, RecordsToldApart } from './events.js'

const ofTwo = { subjectRef, other: inventedId(60) }

export const linkExamples = {
  PossibleDuplicateFound: PossibleDuplicateFound.of({ ...ofTwo, likeness: 'NHS_NUMBER', foundAt: at }),
  RecordsLinked: RecordsLinked.of({ ...ofTwo, decidedAt: at }),
  RecordsToldApart: RecordsToldApart.of({ ...ofTwo, decidedAt: at }),
} satisfies ExampleOfEach<LinkEvent>
