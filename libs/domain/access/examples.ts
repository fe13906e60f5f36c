import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { type AccessEvent, CommandRefused, HistoryRead, RecordAccessed, SearchMade } from './events.js'

const sourceAddress = 'A'.repeat(43)

/** One example of every event of this context, every optional field filled. */
export const accessExamples = {
  RecordAccessed: RecordAccessed.of({
    accessId: inventedId(40),
    subjectRef: inventedId(1),
    what: 'CASE',
    fields: ['ID.name'],
    scopes: ['REF', 'EVID'],
    about: inventedId(43),
    ground: 'GRANT',
    grantId: inventedId(42),
    alsoOf: [{ subjectRef: inventedId(2), ground: 'GRANT', grantId: inventedId(44) }],
    sourceAddress,
    at,
  }),
  SearchMade: SearchMade.of({ accessId: inventedId(40), by: 'PHONE', hits: 1, at, sourceAddress }),
  HistoryRead: HistoryRead.of({
    accessId: inventedId(40),
    stream: 'organisation-main',
    type: 'DataShared',
    from: '0',
    events: 2,
    auditId: inventedId(50),
    door: 'ReadHistory.read',
    subjectRef: inventedId(1),
    at,
    sourceAddress,
  }),
  CommandRefused: CommandRefused.of({
    refusalId: inventedId(41),
    command: 'ShareData',
    subjectRef: inventedId(1),
    code: 'CONSENT_NOT_GRANTED',
    clause: 'C31',
    at,
    sourceAddress,
    incidentId: inventedId(60),
  }),
} satisfies ExampleOfEach<AccessEvent>
