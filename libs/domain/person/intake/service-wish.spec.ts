import type { Decided } from '#decider/command'
import { happened, somebody, specFor } from '#decider/spec'
import { erasableScopes } from '#event-kit/scope'
import { ErasureFenced } from '#event-kit/key-events'
import { examples } from '../examples.js'
import { disclosureId, erasureId, kid, subjectRef } from '../invented.js'
import { type PersonEvent, person } from '../person.js'
import { recordServiceWish } from './record-service-wish.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  ServiceWishConfirmed: confirmed,
  ServiceDeclined: declined,
  SubjectKeyCreated: keyed,
  DisclosureRequested: waiting,
  DataShared: shared,
} = examples
/** Of the history of these specs everything happened at nine. */
const saidAt = confirmed.data.saidAt as string
const calendar = { version: 'SPEC', holidays: new Set<string>() }
const facts = { now: saidAt, actor: somebody, calendar }
const said = { subjectRef, channel: 'PHONE', note: confirmed.data.note, erasureId } as const
const yes = { ...said, outcome: 'WANTED' } as const
const no = { ...said, outcome: 'DECLINED', declinedBy: 'PERSON' } as const
const fence = ErasureFenced.of({ subjectRef, erasureId, extent: 'ALL', scopes: erasableScopes, kids: [kid], cause: 'C13-DECLINED' })
const saying = (wish: Parameters<typeof recordServiceWish.decide>[0], change: object = {}) =>
  recordServiceWish.decide(wish, { ...facts, ...change })

test('[C12] a yes is confirmed', () => given(received).when(saying(yes)).then(confirmed))
test('[C13] the person’s own no fences everything in the same append', () => given(keyed, received).when(saying(no)).then(declined, fence))
test('[C13] also after a yes, as long as nobody was accepted', () =>
  given(keyed, received, confirmed, examples.EligibilityConfirmed).when(saying(no)).then(declined, fence))
test.each(['REFERRER', 'OTHER'] as const)('[C13] a no of the %s does not erase', declinedBy =>
  given(keyed, received)
    .when(saying({ ...no, declinedBy }))
    .then({ ...declined, data: { ...declined.data, declinedBy } }),
)
test('nobody’s wish is recorded who was never referred', () => given().when(saying(yes)).thenRefused({ code: 'NOT_FOUND' }))

describe('[C68] a machine', () => {
  const machine = { actor: { ...somebody, role: 'integration' } }
  test('says nobody’s no', () => {
    for (const declinedBy of ['PERSON', 'REFERRER', 'OTHER'] as const)
      given(received)
        .when(saying({ ...no, declinedBy }, machine))
        .thenRefused({ code: 'AUTOMATED_DECISION_FORBIDDEN' })
  })
  test('may pass a yes on', () => given(received).when(saying(yes, machine)).then(confirmed))
})

describe('[C13] a no is too late', () => {
  test.each<readonly [string, PersonEvent]>([
    ['once the person was accepted', examples.ReferralAccepted],
    ['once the service recorded something', examples.HealthDataRecorded],
    ['once they allowed something', examples.ConsentGranted],
    ['once something was shared', shared],
    ['once they asked for an erasure, which somebody decides on', examples.ErasureRequested],
  ])('%s', (_, event) => {
    for (const declinedBy of ['PERSON', 'REFERRER', 'OTHER'] as const)
      given(keyed, received, confirmed, event)
        .when(saying({ ...no, declinedBy }))
        .thenRefused({ code: 'PAST_POINT_OF_REFERRAL' })
  })
  test.each<readonly [string, PersonEvent]>([
    ['what the referral had said', examples.PersonalDetailsRecorded],
    ['a refusal of consent', examples.ConsentRefused],
  ])('not for %s', (_, event) => {
    const about = event.type === 'PersonalDetailsRecorded' ? { ...event, data: { ...event.data, category: 'CON' as const } } : event
    given(keyed, received, about as PersonEvent)
      .when(saying(no))
      .then(declined, fence)
  })
})

describe('[C13] what protects somebody goes first', () => {
  const police = { ...waiting, data: { ...waiting.data, recipient: 'POL-CRIME', basis: { art6: 'c' } } }
  const report = { ...shared, data: { ...shared.data, recipient: 'POL-CRIME', basis: { art6: 'c' } } }
  const asked = (event: PersonEvent) => happened(event, { occurredAt: saidAt })
  const deferred = { code: 'ERASURE_DEFERRED_SAFEGUARDING' } as const
  const gone = {
    ...examples.PendingDisclosureCancelled,
    data: { disclosureId, subjectRef, reason: 'SUBJECT_ERASED' as const, because: ['SUBJECT_ERASED'], at: saidAt },
  }
  test('a report that waits for its approval, or is not out of the house', () => {
    given(keyed, received, asked(police)).when(saying(no)).thenRefused(deferred)
    given(keyed, received, asked(report)).when(saying(no)).thenRefused(deferred)
    given(keyed, received, asked(report), examples.DisclosureDispatchFailed).when(saying(no)).thenRefused(deferred)
  })
  test('until it is out, or was refused', () => {
    given(keyed, received, asked(report), examples.DisclosureDispatched).when(saying(no)).then(declined, fence)
    given(keyed, received, asked(police), examples.DisclosureRefused).when(saying(no)).then(declined, fence)
  })
  test('for five working days, and no longer', () => {
    // The first of November 2026 is a Sunday.
    const on = (now: string) => given(keyed, received, asked(police)).when(saying({ ...no, saidAt }, { now }))
    on('2026-11-06T23:00:00.000Z').thenRefused(deferred)
    on('2026-11-07T00:00:00.000Z').then(declined, fence, { ...gone, data: { ...gone.data, at: '2026-11-07T00:00:00.000Z' } })
  })
  test('another no erases nothing, and waits for nothing', () =>
    given(keyed, received, asked(police))
      .when(saying({ ...no, declinedBy: 'REFERRER' }))
      .then({ ...declined, data: { ...declined.data, declinedBy: 'REFERRER' } }))
  test('what rests on consent is cancelled with the fence', () =>
    given(keyed, received, asked(waiting)).when(saying(no)).then(declined, fence, gone))
})

describe('[C12] what was said last counts, not what was typed last', () => {
  const [before, after] = ['2026-10-31T09:00:00.000Z', '2026-11-02T09:00:00.000Z']
  const at = <E extends Decided<PersonEvent>>(event: E, when: string): E => ({ ...event, data: { ...event.data, saidAt: when } })
  const late = { now: after }
  test('a no that the person took back since is on record, and erases nothing', () =>
    given(keyed, received, confirmed)
      .when(saying({ ...no, saidAt: before }, late))
      .then(at(declined, before)))
  test('one of the same moment or later does erase', () => {
    given(keyed, received, confirmed)
      .when(saying({ ...no, saidAt }, late))
      .then(declined, fence)
    given(keyed, received, confirmed)
      .when(saying({ ...no, saidAt: after }, late))
      .then(at(declined, after), fence)
  })
  test('nothing was said after it was recorded', () =>
    given(keyed, received)
      .when(saying({ ...no, saidAt: after }))
      .then(declined, fence))
  test('what is said without a time is said now, and after all that is on record, however the clocks differ', () => {
    given(keyed, received).when(saying(no, late)).then(at(declined, after), fence)
    given(keyed, received, at(confirmed, after)).when(saying(no)).then(at(declined, after), fence)
  })
})
