import type { Scope } from '#event-kit/scope'
import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import type { PersonEvent } from '../person.js'
import { type DecideErasure, decideErasure } from './decide-erasure.js'
import type { ScopeDecision } from './decision-in-full.js'
import { decision, dpo, given, holding, now } from './spec.js'

const {
  ReferralReceived: received,
  SubjectKeyCreated: keyed,
  ErasureRequested: requested,
  DisclosureRequested: waiting,
  DataShared: shared,
  PendingDisclosureCancelled: cancelled,
} = examples
const calendar = { version: 'DEMO-1', holidays: new Set<string>() }
const today = { now, calendar }
const keys = holding('REF', 'EMP', 'HLT')
const past = [received, ...keys, requested] as const
const erased = (...scopes: readonly Scope[]): readonly ScopeDecision[] => scopes.map(scope => ({ scope, decision: 'ERASED' }))
const retained: ScopeDecision = { scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }
const decided = (change: Partial<DecideErasure>, ...more: PersonEvent[]) =>
  given(...past, ...more).when(decideErasure.decide({ ...decision, ...change }, { ...today, actor: dpo }))

describe('[C64] the approval of an erasure, and what is on its way', () => {
  const gone = {
    ...cancelled,
    data: { disclosureId, subjectRef, reason: 'SUBJECT_ERASED' as const, because: ['SUBJECT_ERASED'], at: today.now },
  }
  const types = (...more: PersonEvent[]) =>
    decided({}, ...more)
      .events()
      .map(({ type }) => type)
  const rests = (basis: object, on = waiting) => ({ ...on, data: { ...on.data, ...basis } }) as typeof waiting
  const police = rests({ basis: { art6: 'c' } })
  /** The history of a spec stands on the first of January. */
  const soon = (event: PersonEvent, now = '2026-01-02T10:00:00.000Z') =>
    given(...past, event).when(decideErasure.decide(decision, { now, calendar, actor: dpo }))
  test('what waits for its approval, or is not out yet, is cancelled in the same append', () => {
    for (const event of [waiting, shared]) {
      const [, second, ...rest] = decided({}, event).events()
      expect([second, rest]).toEqual([gone, []])
    }
    expect(types(shared, examples.DisclosureDispatchFailed)).toEqual(['ErasureApproved', 'PendingDisclosureCancelled'])
  })
  test('what went out, was refused or was cancelled is left as it is', () => {
    expect(types(shared, examples.DisclosureDispatched)).toEqual(['ErasureApproved'])
    expect(types(waiting, examples.DisclosureRefused)).toEqual(['ErasureApproved'])
    expect(types(shared, cancelled)).toEqual(['ErasureApproved'])
  })
  test('an erasure in part cancels what says something of its scopes, and nothing else', () => {
    const of = (scope: Scope, ...kept: readonly Scope[]) =>
      decided({ decision: 'PARTLY', perScope: [...erased(scope), ...kept.map(one => ({ ...retained, scope: one }))] }, waiting).events()
        .length
    expect([of('EMP', 'REF', 'HLT'), of('HLT', 'REF', 'EMP')]).toEqual([2, 1])
  })
  test('in part, of the words that say why it is needed', () => {
    const perScope = [...erased('NARR'), ...(['REF', 'EMP', 'HLT'] as const).map(scope => ({ ...retained, scope }))]
    const words = { ...keyed, data: { ...keyed.data, scope: 'NARR' as const } }
    expect(decided({ decision: 'PARTLY', perScope }, words, waiting).events()).toMatchObject([{}, { type: 'PendingDisclosureCancelled' }])
  })
  test.each([
    ['for the law', { basis: { art6: 'c' } }],
    ['for somebody’s life', { basis: { art6: 'd' } }],
    ['for a recognised interest', { basis: { art6: 'ea' } }],
    ['at once', { urgency: 'IMMEDIATE' }],
    ['on a row that protects, whatever its basis', { protects: true, basis: { art6: 'f' } }],
  ])('what is made %s goes first', (_, basis) => {
    for (const event of [rests(basis), rests(basis, shared as never)]) soon(event).thenRefused({ code: 'ERASURE_DEFERRED_SAFEGUARDING' })
  })
  test('for five working days at most', () => {
    soon(police, '2026-01-08T23:59:00.000Z').thenRefused({ code: 'ERASURE_DEFERRED_SAFEGUARDING' })
    expect(soon(police, '2026-01-09T00:00:00.000Z').events()).toHaveLength(2)
  })
  test('a refusal waits for nothing and cancels nothing', () => {
    expect(
      given(...past, police)
        .when(decideErasure.decide({ ...decision, decision: 'REFUSED' }, { ...today, now: '2026-01-02T10:00:00.000Z', actor: dpo }))
        .events(),
    ).toHaveLength(1)
  })
})
