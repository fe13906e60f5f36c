import { examples } from '../examples.js'
import { type Past, eventId, stateOf } from '../spec.js'
import { isOlder } from './consents.js'

const { ConsentGranted: granted, ConsentRefused: refusedConsent, ConsentWithdrawn: withdrawn } = examples
const before = '2026-10-01T09:00:00.000Z'

describe('consents', () => {
  const { recipient, purpose, form, formVersion, categories, completedAt, validUntil } = granted.data
  const said = { recipient, purpose, form, formVersion, categories, since: completedAt }
  const consents = (...past: Past) => [...stateOf(...past).consents]
  test('silence', () => {
    expect(consents()).toEqual([])
  })
  test('a yes', () => {
    expect(consents(granted)).toEqual([['DWP-JCP|EMPLOYMENT_SUPPORT', { ...said, state: 'GIVEN', validUntil, eventId: eventId(0) }]])
  })
  test('a no, also after a yes', () => {
    expect(consents(granted, refusedConsent)).toEqual([['DWP-JCP|EMPLOYMENT_SUPPORT', { ...said, state: 'REFUSED', eventId: eventId(1) }]])
  })
  test('a yes that is taken back', () => {
    expect(consents(granted, withdrawn)).toEqual([
      ['DWP-JCP|EMPLOYMENT_SUPPORT', { ...said, state: 'WITHDRAWN', since: withdrawn.data.withdrawnAt, validUntil, eventId: eventId(1) }],
    ])
  })
  test('what was never given is not taken back', () => {
    expect(consents(withdrawn)).toEqual([])
  })
  test('another recipient, or another purpose, is another consent', () => {
    expect(
      consents(
        granted,
        { ...granted, data: { ...granted.data, recipient: 'STARS' } },
        { ...granted, data: { ...granted.data, purpose: 'JOINT_CARE' } },
      ).map(([key]) => key),
    ).toEqual(['DWP-JCP|EMPLOYMENT_SUPPORT', 'STARS|EMPLOYMENT_SUPPORT', 'DWP-JCP|JOINT_CARE'])
  })
  test('[C32] a form counts again once it is as new as the withdrawal', () => {
    const again = (at: string) => consents(granted, withdrawn, { ...granted, data: { ...granted.data, completedAt: at } })[0]?.[1].state
    expect([again('2026-11-01T08:59:59.999Z'), again('2026-11-01T09:00:00.000Z'), again('2026-11-01T10:00:00.000Z')]).toEqual([
      'WITHDRAWN',
      'GIVEN',
      'GIVEN',
    ])
  })
  test('only a withdrawal makes a form too old', () => {
    expect([
      isOlder(undefined, before),
      isOlder({ state: 'GIVEN', since: completedAt }, before),
      isOlder({ state: 'REFUSED', since: completedAt }, before),
      isOlder({ state: 'WITHDRAWN', since: completedAt }, before),
    ]).toEqual([false, false, false, true])
    expect(isOlder({ state: 'WITHDRAWN', since: '2026-11-01T09:00:00+01:00' }, '2026-11-01T08:30:00Z')).toBe(false)
  })
})
