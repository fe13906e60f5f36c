import { happened } from '#decider/spec'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { kid } from '../invented.js'
import { type Past, eventId, stateOf } from '../spec.js'

const {
  ReferralReceived: received,
  PersonalDetailsRecorded: recorded,
  HealthDataRecorded: health,
  ErasureFenced: fenced,
  KeyRetired: retired,
} = examples
const before = '2026-10-01T09:00:00.000Z'

describe('what is held', () => {
  const heldBy = (...past: Past) =>
    [...stateOf(...past).held].map(([field, { scope, eventId: from, provenance }]) => [field, scope, from, provenance])
  const bare = { ...received, data: { ...received.data, person: { name: received.data.person.name } } }
  test('nothing yet', () => {
    expect(heldBy()).toEqual([])
  })
  test.each([
    ['SELF', 'PERSON'],
    ['DWP-JCP', 'DWP-JCP'],
    ['STARS', 'STARS'],
  ] as const)('what a referral by %s said comes from %s', (source, provenance) => {
    expect(heldBy({ ...bare, data: { ...bare.data, source } })).toEqual([['ID.name', 'REF', eventId(0), provenance]])
  })
  test('what was not said is not held', () => {
    expect(heldBy({ ...bare, data: { ...bare.data, person: { ...bare.data.person, phone: undefined } } })).toHaveLength(1)
  })
  test('details are held under the scope of their category, the newest in the place of the one before', () => {
    expect(heldBy(bare, recorded, health, { ...recorded, data: { ...recorded.data, provenance: 'WORKER' } })).toEqual([
      ['ID.name', 'REF', eventId(0), 'DWP-JCP'],
      ['EMP.status', 'EMP', eventId(3), 'WORKER'],
      ['HLT.summary', 'HLT', eventId(2), 'PERSON'],
    ])
  })
  test('the value itself is kept, and when it was recorded', () => {
    const held = stateOf(happened(recorded, { recordedAt: before })).held.get('EMP.status')
    expect([held?.value, held?.recordedAt]).toEqual([recorded.data.values['status'], before])
  })
  test('a fence takes its own scopes only', () => {
    expect(
      heldBy(bare, recorded, health, { ...fenced, data: { ...fenced.data, extent: 'SCOPES', scopes: ['EMP'] } }).map(([field]) => field),
    ).toEqual(['ID.name', 'HLT.summary'])
  })
  test('a retired key takes what is sealed under it, and nothing else', () => {
    const sealed = (under: string) => Personal.sealed<string>({ v: 1, kid: under, iv: '', ct: '', at: '' })
    const one = { ...recorded, data: { ...recorded.data, values: { status: sealed(kid), skills: sealed(eventId(9)) } } }
    expect(heldBy(bare, one, retired).map(([field]) => field)).toEqual(['ID.name', 'EMP.skills'])
  })
})
