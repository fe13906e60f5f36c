import { examples } from '../examples.js'
import { type Past, eventId, stateOf } from '../spec.js'

const { ConsentGranted: granted, ConsentRefused: refusedConsent, WithdrawalReceived: received, ConsentWithdrawn: withdrawn } = examples
const key = 'DWP-JCP|EMPLOYMENT_SUPPORT'
const [october, november, december] = ['2026-10-01T09:00:00.000Z', '2026-11-01T09:00:00.000Z', '2026-12-01T09:00:00.000Z']
const yes = (completedAt: string, categories = granted.data.categories) => ({
  ...granted,
  data: { ...granted.data, completedAt, categories },
})
const no = (completedAt: string) => ({ ...refusedConsent, data: { ...refusedConsent.data, completedAt } })
const receipt = (withdrawnAt: string) => ({ ...received, data: { ...received.data, withdrawnAt } })
const receiptOfAll = (withdrawnAt: string) => {
  const { recipient: _, purpose: __, ...data } = received.data
  return { ...received, data: { ...data, extent: 'ALL' as const, withdrawnAt } }
}
const receiptOf = (about: { recipient?: string; purpose?: string }, withdrawnAt: string) => {
  const { data, ...event } = receiptOfAll(withdrawnAt)
  return { ...event, data: { ...data, extent: 'UNCLEAR' as const, ...about } }
}
const end = (withdrawnAt: string) => ({ ...withdrawn, data: { ...withdrawn.data, withdrawnAt } })
const stands = (...past: Past) => stateOf(...past).consents.get(key)

describe('consents', () => {
  const { recipient, purpose, form, formVersion, categories, completedAt, validUntil } = granted.data
  const said = { recipient, purpose, form, formVersion, categories, since: completedAt }
  const consents = (...past: Past) => [...stateOf(...past).consents]
  test('silence', () => {
    expect(consents()).toEqual([])
  })
  test('a yes', () => {
    expect(consents(granted)).toEqual([[key, { ...said, state: 'GIVEN', validUntil, eventId: eventId(0) }]])
  })
  test('a no, also after a yes', () => {
    expect(consents(granted, refusedConsent)).toEqual([[key, { ...said, state: 'REFUSED', eventId: eventId(1) }]])
  })
  test('a yes that is taken back', () => {
    expect(consents(granted, received, withdrawn)).toEqual([
      [key, { ...said, state: 'WITHDRAWN', since: withdrawn.data.withdrawnAt, validUntil, eventId: eventId(2) }],
    ])
  })
  test('what was never given is not taken back', () => {
    expect(consents(received, withdrawn)).toEqual([])
  })
  test('another recipient, or another purpose, is another consent', () => {
    expect(
      consents(
        granted,
        { ...granted, data: { ...granted.data, recipient: 'STARS' } },
        { ...granted, data: { ...granted.data, purpose: 'JOINT_CARE' } },
      ).map(([one]) => one),
    ).toEqual([key, 'STARS|EMPLOYMENT_SUPPORT', 'DWP-JCP|JOINT_CARE'])
  })
})

describe('[C31] what was said last counts, whenever it was typed in', () => {
  test('an older yes does not replace a newer no', () => {
    expect(stands(no(november), yes(october))).toMatchObject({ state: 'REFUSED', since: november })
  })
  test('an older no does not replace a newer yes', () => {
    expect(stands(yes(november), no(october))).toMatchObject({ state: 'GIVEN', since: november })
  })
  test('an older yes neither widens nor renews a newer one', () => {
    const older = yes(october, ['EMP', 'OUT', 'HLT'])
    expect(stands(yes(november), { ...older, data: { ...older.data, validUntil: '2099-01-01T00:00:00.000Z' } })).toMatchObject({
      categories: ['EMP'],
      validUntil: granted.data.validUntil,
      eventId: eventId(0),
    })
  })
  test('a newer yes that says less is all that is left', () => {
    expect(stands(yes(october, ['EMP', 'OUT']), yes(november))).toMatchObject({ categories: ['EMP'], since: november })
  })
  test('of two that were said at the same moment the one that was recorded later counts', () => {
    expect(stands(yes(november), no(november))).toMatchObject({ state: 'REFUSED' })
    expect(stands(no(november), yes(november))).toMatchObject({ state: 'GIVEN' })
  })
  test('moments are compared, not their spelling', () => {
    expect(stands(no('2026-11-01T09:00:00+01:00'), yes('2026-11-01T08:30:00Z'))).toMatchObject({ state: 'GIVEN' })
  })
})

describe('[C32] a withdrawal', () => {
  test('stays the last word against an older form, and not against a newer one', () => {
    const again = (at: string) => stands(yes(october), receipt(november), end(november), yes(at))
    expect(again('2026-11-01T08:59:59.999Z')).toMatchObject({ state: 'WITHDRAWN', since: november, eventId: eventId(2) })
    expect(again(november)).toMatchObject({ state: 'GIVEN', since: november })
    expect(again(december)).toMatchObject({ state: 'GIVEN', since: december })
  })
  test.each([receipt(november), receiptOfAll(november)])('of somebody who had given nothing outdates each form before it', one => {
    expect(stands(one, yes(october))).toMatchObject({ state: 'WITHDRAWN', since: november, eventId: eventId(0) })
    expect(stands(one, no(october))).toMatchObject({ state: 'WITHDRAWN' })
    expect(stands(one, yes(december))).toMatchObject({ state: 'GIVEN' })
  })
  test.each([
    receiptOf({ recipient: 'DWP-JCP' }, november),
    receiptOf({ purpose: 'EMPLOYMENT_SUPPORT' }, november),
    receiptOf({}, november),
  ])('of what is known in part outdates each form before it that it can mean', one => {
    expect(stands(one, yes(october))).toMatchObject({ state: 'WITHDRAWN', since: november })
    expect(stands(receipt(october), one, yes('2026-10-15T09:00:00.000Z'))).toMatchObject({ state: 'WITHDRAWN', since: november })
    expect(stands(one, yes(december))).toMatchObject({ state: 'GIVEN' })
  })
  test.each([receiptOf({ recipient: 'NDTMS' }, november), receiptOf({ purpose: 'JOINT_CARE' }, november)])(
    'of what is known in part says nothing of what it cannot mean',
    one => {
      expect(stands(one, yes(october))).toMatchObject({ state: 'GIVEN' })
    },
  )
  test('of one says nothing of another', () => {
    expect(stateOf(receipt(november), { ...yes(october), data: { ...yes(october).data, recipient: 'NDTMS' } }).consents.size).toBe(1)
    expect(stands(receipt(november), { ...yes(october), data: { ...yes(october).data, purpose: 'JOINT_CARE' } })).toBeUndefined()
  })
  test('that came late does not make the one before it of an earlier time', () => {
    expect(stands(receipt(november), receipt(october), yes('2026-10-15T09:00:00.000Z'))).toMatchObject({ state: 'WITHDRAWN' })
    expect(stands(receiptOfAll(october), receipt(november), yes('2026-10-15T09:00:00.000Z'))).toMatchObject({ since: november })
    expect(stands(receiptOfAll(november), receipt(october), yes('2026-10-15T09:00:00.000Z'))).toMatchObject({ since: november })
  })
  test('that was decided to end a consent ends it, whatever the clocks said', () => {
    expect(stands(yes(november), end(october))).toMatchObject({ state: 'WITHDRAWN', since: november })
  })
  test('ends what stands and was given before it', () => {
    const { consents } = stateOf(yes(november), { ...yes(december), data: { ...yes(december).data, recipient: 'NDTMS' } })
    const ended = (...asked: Parameters<typeof consents.endedBy>) => consents.endedBy(...asked).map(({ recipient }) => recipient)
    const ofNdtms = { recipient: 'NDTMS', purpose: 'EMPLOYMENT_SUPPORT' }
    expect([ended('ALL'), ended('ALL', november), ended('ALL', october), ended(ofNdtms), ended(ofNdtms, november)]).toEqual([
      ['DWP-JCP', 'NDTMS'],
      ['DWP-JCP'],
      [],
      ['NDTMS'],
      [],
    ])
  })
})
