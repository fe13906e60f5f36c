import { specFor } from '#decider/spec'
import { type PolicyEvent, PurposeRegistered } from './events.js'
import { policyExamples } from './examples.js'
import { NoPolicyInForce, nextChange, policy, policyFacts } from './policy.js'

const published = (...events: readonly PolicyEvent[]) => specFor<typeof policy.initial, PolicyEvent>(policy).given(...events).state
const { PurposeRegistered: _, ...others } = policyExamples
const pack = Object.values(others)
const registered = (effectiveFrom: string, ...categories: readonly ('ID' | 'EMP')[]) =>
  PurposeRegistered.of({ version: 'SPEC-1', effectiveFrom, purpose: 'JOINT_CARE', categories })
const [before, start, later] = ['2026-10-31T00:00:00.000Z', '2026-11-01T09:00:00.000Z', '2026-12-01T09:00:00.000Z'] as const
const categoriesAt = (now: string, ...registrations: readonly PolicyEvent[]) => {
  const known = policyFacts([published(...pack, ...registrations)], now).purposes.get('JOINT_CARE')
  return known && [...known]
}

test('[C04] a purpose counts from its time on', () => {
  const soon = registered('2026-11-15T00:00:00.000Z', 'ID')
  expect(categoriesAt(start, soon)).toBeUndefined()
  expect(categoriesAt('2026-11-14T23:59:59.999Z', soon)).toBeUndefined()
  expect(categoriesAt('2026-11-15T00:00:00.000Z', soon)).toEqual(['ID'])
})
test('[C04] what is registered for later leaves what counts until then', () => {
  const [first, next] = [registered(start, 'ID', 'EMP'), registered(later, 'ID')]
  expect(categoriesAt(start, first, next)).toEqual(['ID', 'EMP'])
  expect(categoriesAt(later, first, next)).toEqual(['ID'])
})
test('[C04] of two registrations whose time has come, the last one counts', () => {
  expect(categoriesAt(later, registered(start, 'ID'), registered(start, 'EMP'))).toEqual(['EMP'])
  expect(categoriesAt(later, registered(later, 'ID'), registered(start, 'EMP'))).toEqual(['EMP'])
})
test('the time of a purpose changes what is in force', () => {
  const at = '2026-11-15T00:00:00.000Z'
  expect(nextChange([published(registered(before, 'ID'), registered(at, 'ID'))], start)).toBe(at)
  expect(nextChange([published(registered(before, 'ID'))], start)).toBe('9999-12-31T23:59:59.999Z')
})
test('without a notice in force nothing can be decided', () => {
  expect(() => policyFacts([published(registered(before, 'ID'))], start)).toThrow(NoPolicyInForce)
  expect(() => policyFacts([published(...pack)], before)).toThrow(NoPolicyInForce)
})
