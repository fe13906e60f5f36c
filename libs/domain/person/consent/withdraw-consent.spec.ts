import type { JsonObject } from '#kernel/json'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import type { PersonEvent } from '../person.js'
import { given, now } from './spec.js'
import { type WithdrawConsent, withdrawConsent } from './withdraw-consent.js'

const {
  ReferralReceived: referred,
  ConsentGranted: granted,
  ConsentRefused: refusedConsent,
  WithdrawalReceived: received,
  ConsentWithdrawn: withdrawn,
  ErasureFenced: fenced,
} = examples
const { recipient, purpose } = withdrawn.data
const one = { recipient, purpose }
/** By the policies in force. */
const known = { recipients: new Set(['DWP-JCP', 'NDTMS']), purposes: new Set(['EMPLOYMENT_SUPPORT', 'JOINT_CARE', 'TREATMENT_MONITORING']) }
const october = '2026-10-01T09:00:00.000Z'

const withdraw = (which: WithdrawConsent['which'], told: Partial<WithdrawConsent>, ...past: PersonEvent[]) =>
  given(referred, ...past).when(withdrawConsent.decide({ subjectRef, channel: 'PHONE', which, ...told }, { ...known, now }))
const receipt = (which: WithdrawConsent['which'], withdrawnAt = now, receivedAt = withdrawnAt): PersonEvent => ({
  ...received,
  data: {
    subjectRef,
    channel: 'PHONE',
    extent: which === 'ALL' ? 'ALL' : 'ONE',
    ...(which === 'ALL' ? {} : which),
    withdrawnAt,
    receivedAt,
  },
})
const end = (change: Partial<typeof withdrawn.data> = {}) => ({ ...withdrawn, data: { ...withdrawn.data, withdrawnAt: now, ...change } })

describe('[C32] a withdrawal', () => {
  const second = { ...granted, data: { ...granted.data, recipient: 'NDTMS' } }
  test('ends the consent that it names', () => {
    withdraw(one, {}, granted).then(receipt(one), end())
  })
  test('of all ends each', () => {
    withdraw('ALL', {}, granted, second).then(receipt('ALL'), end(), end({ recipient: 'NDTMS' }))
  })
  test('of one leaves the others', () => {
    withdraw(one, {}, granted, second).then(receipt(one), end())
  })
  test('needs both recipient and purpose to fit', () => {
    for (const which of [
      { ...one, recipient: 'NDTMS' },
      { ...one, purpose: 'JOINT_CARE' },
    ])
      withdraw(which, {}, granted).then(receipt(which))
  })
  test('is on record whatever it changes: of nothing, of a refusal, a second time', () => {
    withdraw('ALL', {}).then(receipt('ALL'))
    withdraw('ALL', {}, refusedConsent).then(receipt('ALL'))
    withdraw(one, {}, granted, received, withdrawn).then(receipt(one))
  })
  test('is never refused for an erasure', () => {
    withdraw('ALL', {}, granted, fenced).then(receipt('ALL'), end())
  })
  test('by nobody who was referred', () => {
    given()
      .when(withdrawConsent.decide({ subjectRef, channel: 'PHONE', which: 'ALL' }, { ...known, now }))
      .thenRefused({ code: 'NOT_FOUND' })
  })
})

describe('[C32] a withdrawal that names what nobody here knows is taken, and ends whatever it can mean', () => {
  const toOthers = { ...granted, data: { ...granted.data, recipient: 'NDTMS' } }
  const forOther = { ...granted, data: { ...granted.data, recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING' } }
  const all = [granted, toOthers, forOther]
  const unclear = (about: { recipient?: string; purpose?: string }, said: { recipient: string; purpose: string }): PersonEvent => ({
    ...received,
    data: {
      subjectRef,
      channel: 'PHONE',
      extent: 'UNCLEAR',
      ...about,
      named: Personal.of<JsonObject>(said),
      withdrawnAt: now,
      receivedAt: now,
    },
  })
  test('of a known purpose: for every recipient', () => {
    const said = { recipient: 'The Jobcentre', purpose }
    withdraw(said, {}, ...all).then(unclear({ purpose }, said), end(), end({ recipient: 'NDTMS' }))
  })
  test('of a known recipient: for every purpose', () => {
    const said = { recipient: 'NDTMS', purpose: 'Statistics' }
    withdraw(said, {}, ...all).then(
      unclear({ recipient: 'NDTMS' }, said),
      end({ recipient: 'NDTMS' }),
      end({ recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING' }),
    )
  })
  test('of a recipient alone, or a purpose alone: all that fits, and nothing has to be sealed', () => {
    const plain = (about: { recipient?: string; purpose?: string }) => {
      const { named: _, ...data } = unclear(about, { recipient: '', purpose: '' }).data as Record<string, unknown>
      return { ...received, data } as PersonEvent
    }
    withdraw({ purpose }, {}, ...all).then(plain({ purpose }), end(), end({ recipient: 'NDTMS' }))
    withdraw({ recipient: 'NDTMS' }, {}, ...all).then(
      plain({ recipient: 'NDTMS' }),
      end({ recipient: 'NDTMS' }),
      end({ recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING' }),
    )
  })
  test('of neither: all', () => {
    const said = { recipient: 'Them', purpose: 'That' }
    withdraw(said, {}, ...all).then(
      unclear({}, said),
      end(),
      end({ recipient: 'NDTMS' }),
      end({ recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING' }),
    )
  })
  test('what the person answered a form about is known, although no policy in force names it any more', () => {
    const former = { ...granted, data: { ...granted.data, recipient: 'PHE' } }
    const said = { recipient: 'PHE', purpose }
    withdraw(said, {}, granted, former).then(receipt(said), end({ recipient: 'PHE' }))
  })
  test('of somebody who is erased nothing is sealed: the receipt stays', () => {
    const { named: _, ...data } = unclear({}, { recipient: 'Them', purpose: 'That' }).data as typeof received.data
    withdraw({ recipient: 'Them', purpose: 'That' }, {}, granted, fenced).then({ ...received, data }, end())
  })
})

describe('[C32] a withdrawal that tells when it was said', () => {
  test('ends what was given before it, from that moment on', () => {
    const at = '2026-11-01T12:00:00.000Z'
    withdraw(one, { withdrawnAt: at }, granted).then(receipt(one, at), end({ withdrawnAt: at }))
  })
  test('leaves what the person agreed to after it', () => {
    withdraw('ALL', { withdrawnAt: october }, granted).then(receipt('ALL', october))
    withdraw('ALL', { receivedAt: october }, granted).then(receipt('ALL', october))
  })
  test('and when it came: what was said counts, not when the letter came', () => {
    withdraw('ALL', { withdrawnAt: october, receivedAt: now }, granted).then(receipt('ALL', october, now))
  })
  test('was not said after it was recorded', () => {
    withdraw('ALL', { withdrawnAt: '2026-11-02T10:04:00.000Z' }, granted).then(receipt('ALL'), end())
  })
  test('one that tells nothing ends all that is given, whatever the clock of whoever recorded that said', () => {
    withdraw(one, {}, { ...granted, data: { ...granted.data, completedAt: '2026-11-02T10:04:00.000Z' } }).then(receipt(one), end())
  })
})
