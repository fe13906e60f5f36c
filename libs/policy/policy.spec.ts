import { specFor } from '#decider/spec'
import {
  AppropriatePolicyDocumentApproved,
  ExemptionsPublished,
  LegitimateInterestAssessmentApproved,
  NoticeVersionPublished,
  type PolicyEvent,
  PurposeRegistered,
} from './events.js'
import { policyExamples } from './examples.js'
import { NoPolicyInForce, nextChange, policy, policyFacts } from './policy.js'

const published = (...events: readonly PolicyEvent[]) => specFor<typeof policy.initial, PolicyEvent>(policy).given(...events).state
const { PurposeRegistered: _, ...others } = policyExamples
const pack = Object.values(others)
const withoutExemptions = pack.filter(({ type }) => type !== 'ExemptionsPublished')
const withoutAssessments = pack.filter(({ type }) => !type.endsWith('Approved'))
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

describe('[C23] the exemptions', () => {
  const list = (version: string, effectiveFrom: string, ...exemptions: readonly { from: string; until?: string }[]) =>
    ExemptionsPublished.of({
      version,
      effectiveFrom,
      exemptions: exemptions.map((one, n) => ({ ...one, exemption: `X${n}`, provision: 'a provision' })),
    })
  const at = (now: string, ...lists: readonly PolicyEvent[]) => {
    const { version, provisions } = policyFacts([published(...withoutExemptions, registered(before, 'ID'), ...lists)], now).exemptions
    return [version, [...provisions.keys()]]
  }
  test('are none while nobody has published any', () => {
    expect(at(start)).toEqual([undefined, []])
  })
  test('are those in force on the last list whose time has come', () => {
    const first = list('ONE', before, { from: before, until: later }, { from: later })
    expect([at(start, first), at(later, first)]).toEqual([
      ['ONE', ['X0']],
      ['ONE', ['X1']],
    ])
    expect(at(later, first, list('TWO', later))).toEqual(['TWO', []])
    expect(at(start, first, list('TWO', later))).toEqual(['ONE', ['X0']])
  })
  test('change what is in force by themselves', () => {
    expect(nextChange([published(list('ONE', before, { from: before, until: '2026-11-20T00:00:00.000Z' }))], start)).toBe(
      '2026-11-20T00:00:00.000Z',
    )
  })
})
describe('[C15] what is approved', () => {
  const facts = (...events: readonly PolicyEvent[]) =>
    policyFacts([published(...withoutAssessments, registered(before, 'ID'), ...events)], start)
  const dated = { version: 'SPEC-1', effectiveFrom: before, reviewBy: later, demo: true }
  test('stands for what it names, up to its review', () => {
    const interests = LegitimateInterestAssessmentApproved.of({ ...dated, everything: false, purposes: ['CARE'] })
    const stale = { ...interests, data: { ...interests.data, reviewBy: start, purposes: ['STALE'] } }
    const { isAssessed } = facts(interests, stale)
    expect([isAssessed('CARE'), isAssessed('STALE'), isAssessed('OTHER')]).toEqual([true, false, false])
    const document = AppropriatePolicyDocumentApproved.of({
      ...dated,
      everything: false,
      covers: [{ purpose: 'CARE', condition: 'para-18' }],
    })
    const { hasPolicyDocument: has } = facts(document)
    expect([has('CARE', 'para-18'), has('CARE', 'para-10'), has('OTHER', 'para-18')]).toEqual([true, false, false])
  })
  test('before it named anything stands for everything', () => {
    const old = { ...dated }
    const { isAssessed, hasPolicyDocument } = facts(
      LegitimateInterestAssessmentApproved.of(LegitimateInterestAssessmentApproved.previous?.upcast(old) as never),
      AppropriatePolicyDocumentApproved.of(AppropriatePolicyDocumentApproved.previous?.upcast(old) as never),
    )
    expect([isAssessed('ANY'), hasPolicyDocument('ANY', 'para-10')]).toEqual([true, true])
  })
})
test('[C61] a notice of before tells of no recognised interests', () => {
  expect(NoticeVersionPublished.previous?.upcast({ version: 'DEMO-1', effectiveFrom: before, title: 'A notice' }).bases).toEqual([
    'a',
    'c',
    'd',
    'f',
  ])
})
