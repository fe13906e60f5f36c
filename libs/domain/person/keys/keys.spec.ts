import { type Scope, erasableScopes } from '#event-kit/scope'
import type { KeyId } from '#kernel/id'
import { examples } from '../examples.js'
import { erasureId, kid } from '../invented.js'
import { type Past, eventId, stateOf } from '../spec.js'
import { isErased, liveKeysOf } from './keys.js'

const { SubjectKeyCreated: keyed, ErasureFenced: fenced, SubjectKeyDestroyed: destroyed, KeyRetired: retired } = examples

describe('keys', () => {
  const second = '00000000-0000-4000-8000-000000000099' as KeyId
  const two = [keyed, { ...keyed, data: { ...keyed.data, kid: second, scope: 'EMP' as const } }] as const
  const keys = (...past: Past) => stateOf(...past).keys
  test('none yet', () => {
    expect(keys()).toEqual({
      live: new Map(),
      scopes: new Map(),
      closed: new Set(),
      destroyed: new Set(),
      retired: new Map(),
      fences: new Map(),
    })
  })
  test('announced, and live', () => {
    const both = new Map([
      [kid, 'REF'],
      [second, 'EMP'],
    ])
    expect(keys(...two)).toMatchObject({ live: both, scopes: both })
    expect(liveKeysOf(keys(...two), ['REF'])).toEqual([kid])
    expect(liveKeysOf(keys(...two), ['EMP', 'REF'])).toEqual([kid, second])
    expect(liveKeysOf(keys(...two), ['HLT'])).toEqual([])
  })
  test('a fence over a part ends the keys that it names, and its scopes go on; what was announced stays on record', () => {
    const { data } = fenced
    const after = keys(...two, { ...fenced, data: { ...data, extent: 'SCOPES', scopes: ['REF'] } })
    expect(after).toEqual({
      live: new Map([[second, 'EMP']]),
      scopes: new Map([
        [kid, 'REF'],
        [second, 'EMP'],
      ]),
      closed: new Set(),
      destroyed: new Set(),
      retired: new Map(),
      fences: new Map([[erasureId, { eventId: eventId(2), extent: 'SCOPES', scopes: ['REF'], kids: [kid] }]]),
    })
  })
  test('what is given again is sealed under another key', () => {
    const { data } = fenced
    const next = { ...keyed, data: { ...keyed.data, kid: second, generation: 2 } }
    const after = keys(keyed, { ...fenced, data: { ...data, extent: 'SCOPES', scopes: ['REF'] } }, next)
    expect(after).toMatchObject({ live: new Map([[second, 'REF']]), closed: new Set() })
    expect(liveKeysOf(after, ['REF'])).toEqual([second])
  })
  test('a fence over everything that dies with the person closes it for good: the evidence is not waited for', () => {
    const fence = (...closing: readonly Scope[]) => ({ ...fenced, data: { ...fenced.data, scopes: closing } })
    const [last, ...others] = erasableScopes
    expect(isErased(keys(fence(...others)))).toBe(false)
    expect(isErased(keys(fence(...others), fence(last!)))).toBe(false)
    expect(isErased(keys(fence(...erasableScopes)))).toBe(true)
    expect(keys(fence(...erasableScopes)).closed).toEqual(new Set(erasableScopes))
    expect(isErased(keys(fence('EVID')))).toBe(false)
  })
  test('a destroyed key is on record as destroyed', () => {
    expect(keys(keyed, fenced, destroyed).destroyed).toEqual(new Set([kid]))
  })
  test('a retired key is not live, and its scope goes on', () => {
    expect(keys(...two, retired)).toMatchObject({
      live: new Map([[second, 'EMP']]),
      retired: new Map([[kid, 'COMPROMISED']]),
      closed: new Set(),
    })
  })
})
