import { specFor } from '#decider/spec'
import { inventedId } from '#event-kit/examples'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { type FollowFacts, type RecordOf, followComparison, followOthers } from './follow-links.js'

const { given } = specFor(person)
const { ReferralReceived: received, RecordsLinked: linked, RecordsToldApart: apart, ConflictDeclared: conflict } = examples
const { other } = linked.data
const now = '2026-11-24T10:00:00.000Z'
const calendar = { version: 'DEMO-1', holidays: new Set<string>() }
const facts: FollowFacts = {
  now,
  calendar,
  retention: { version: 'RET-1', years: 10 },
  conflictEnded: undefined,
  requestIdFor: () => inventedId(61),
}
/** What is on record of the same person under another reference. */
const elsewhere = (...past: readonly PersonEvent[]): RecordOf => ({ subjectRef: other, state: given(received, ...past).state })
const follow = (past: readonly PersonEvent[], more: Partial<FollowFacts> = {}) =>
  followOthers(subjectRef, [elsewhere(...past)], { ...facts, ...more })
const whole = (event: typeof linked | typeof apart) => ({ ...event, data: { ...event.data, other: subjectRef } })

test('what was said on one record of two is said on the other', () => {
  given(received)
    .when(followComparison(subjectRef, elsewhere(whole(linked))))
    .then(linked)
  given(received, linked)
    .when(followComparison(subjectRef, elsewhere(whole(apart))))
    .then(apart)
  given(received, apart)
    .when(followComparison(subjectRef, elsewhere(whole(linked))))
    .thenNothing()
  given(received).when(followComparison(subjectRef, elsewhere())).thenNothing()
})

test('[C38] whoever is shut out of one record is shut out of the other', () => {
  const declared = { ...conflict, data: { ...conflict.data, declaredAt: now } }
  given(received)
    .when(follow([conflict]))
    .then(declared)
  given(received, conflict)
    .when(follow([conflict]))
    .thenNothing()
})
test('[C38] until that ends, for both', () => {
  const { staffRef } = conflict.data
  const ended = { ...examples.ConflictEnded, data: { ...examples.ConflictEnded.data, staffRef, endedAt: now } }
  given(received, conflict)
    .when(follow([], { conflictEnded: staffRef }))
    .then(ended)
  given(received)
    .when(follow([conflict], { conflictEnded: staffRef }))
    .thenNothing()
  given(received, conflict)
    .when(followOthers(subjectRef, [], { ...facts, conflictEnded: staffRef }))
    .thenNothing()
})

const { ErasureRequested: asked, ErasureRefused: refused } = examples
test('[C64] whoever asks to be erased asks it of both records, once', () => {
  const { due, regime, rule, calendarVersion, ...request } = asked.data
  given(received)
    .when(follow([asked]))
    .then({
      type: 'ErasureRequested',
      data: {
        ...request,
        ...{ due, regime, rule, calendarVersion },
        requestId: inventedId(61),
        words: Personal.of('It was asked on another record of the same person: the words stand there.'),
      },
    })
  given(received, asked)
    .when(follow([asked]))
    .thenNothing()
  given(received)
    .when(follow([asked, refused]))
    .thenNothing()
})
test('[C17] of an erased record nothing follows', () =>
  given(received, examples.ErasureFenced)
    .when(follow([asked, conflict]))
    .thenNothing())

const accepted = [examples.EligibilityConfirmed, examples.ReferralAccepted, examples.EpisodeOpened] as const
const leftOn = (endedOn: string): readonly PersonEvent[] => [
  ...accepted,
  { ...examples.ServiceUseEnded, data: { ...examples.ServiceUseEnded.data, endedOn } },
]
const keptFrom = (endedOn: string, expires: string) => ({
  ...examples.RetentionScheduled,
  data: { ...examples.RetentionScheduled.data, endedOn, expires, retentionVersion: 'RET-1' },
})
const long = keptFrom('2025-03-01', '2035-03-01')
test('[C52] who uses the service again is kept, by whichever record', () => {
  const cancelled = { ...examples.RetentionCancelled, data: { ...examples.RetentionCancelled.data, at: now } }
  given(received, ...leftOn('2025-03-01'), long)
    .when(follow(accepted))
    .then(cancelled)
  given(received, ...leftOn('2025-03-01'), long)
    .when(follow([]))
    .thenNothing()
})
test('[C52] the years count from the last day of all, and of its own once they are two people', () => {
  given(received, ...leftOn('2025-03-01'), long, examples.RetentionCancelled)
    .when(follow(leftOn('2026-11-01')))
    .then(keptFrom('2026-11-01', '2036-11-01'))
  given(received, ...leftOn('2025-03-01'), examples.RetentionCancelled)
    .when(followOthers(subjectRef, [], facts))
    .then(long)
})
