import { underWriteRules } from '#commands/write-rules'
import type { WriteRule } from '#decider/command'
import { fold } from '#decider/decider'
import { somebody } from '#decider/spec'
import { examples } from '#domain/person/examples'
import { type PersonEvent, person } from '#domain/person/person'
import { clauses } from '#kernel/clauses'
import { accept } from '#kernel/result'
import { type Capability, isNeverRefused } from '#policy/capabilities'
import { defaultPack } from '#policy/default-pack'
import { policy, policyFacts } from '#policy/policy'
import { definitions } from '../../apps/api/doors.js'

const now = '2026-11-01T09:00:00.000Z'
const meta = { eventId: '', actor: somebody, occurredAt: now, recordedAt: now, position: 1n, revision: 0n }
const erased = fold(
  person.evolve,
  person.initial,
  [examples.ReferralReceived, examples.ErasureFenced].map((event: PersonEvent) => ({ ...event, meta })),
)
const inForce = policyFacts(
  Object.values(defaultPack).map(events =>
    fold(
      policy.evolve,
      policy.initial,
      events.map(event => ({ ...event, meta })),
    ),
  ),
  now,
)
const rules: readonly WriteRule[] = ['W2', 'W3', 'W6', 'W7', 'W8']
const ofPersons = definitions.filter(({ aggregate }) => aggregate.category === 'person')

test('a command is defined once, names clauses that the notice has, and refuses with each code once', () => {
  expect(definitions.length).toBeGreaterThanOrEqual(16)
  expect(new Set(definitions.map(({ name }) => name)).size).toBe(definitions.length)
  for (const { name, clauses: named, refusals } of definitions) {
    expect([name, named.filter(clause => !Object.hasOwn(clauses, clause))]).toEqual([name, []])
    expect([name, new Set(refusals).size]).toEqual([name, refusals.length])
  }
})
test('every purpose is one of the default pack', () => {
  for (const { name, purpose } of definitions) {
    for (const one of typeof purpose === 'function' ? [purpose({ category: 'SG' }), purpose({ category: 'ID' })] : [purpose])
      expect([name, one, inForce.purposes.has(one)]).toEqual([name, one, true])
  }
})
/**
 * An emergency is told of, a record opened in need, a conflict declared and an incident raised whatever the rules say; of somebody erased
 * their own decisions say what is left to do.
 */
const cannotWait: readonly Capability[] = ['EMERGENCY_DISCLOSURE', 'BREAK_GLASS', 'DECLARE_CONFLICT', 'RAISE_INCIDENT']
const isNotHeldUp = (capability: Capability) => isNeverRefused(capability) || cannotWait.includes(capability)
test('[C17] after an erasure nothing is written about a person, but what is never refused, and decisions on what was', () => {
  const open = ofPersons.filter(definition => {
    const deciding = { ...definition, decide: () => () => accept([]) }
    const result = underWriteRules(deciding, { categories: [], fields: [] }, {}, { policy: inForce, now, closed: () => undefined })(erased)
    return result.ok || result.refusal.code !== 'SUBJECT_ERASED'
  })
  const onWhatWas: readonly string[] = ['DECIDE_RIGHTS', 'REVIEW_EMERGENCY_DISCLOSURE', 'REVIEW_BREAK_GLASS']
  // A concern is raised of whoever was erased, too, and somebody has to say that they looked at it.
  const goesOn = ofPersons.filter(
    ({ name, capability }) =>
      name === 'CloseSafeguardingConcern' || [capability].flat().every(one => isNotHeldUp(one as Capability) || onWhatWas.includes(one)),
  )
  expect(open.map(({ name }) => name)).toEqual(goesOn.map(({ name }) => name))
  expect(ofPersons.length - open.length).toBeGreaterThanOrEqual(6)
})
test('what is never refused, an emergency and whatever cannot wait is exempt from every rule, and nothing else is from all of them', () => {
  const exempt = definitions.filter(({ exemptFrom }) => typeof exemptFrom !== 'function' && rules.every(rule => exemptFrom.includes(rule)))
  const never = definitions.filter(({ capability }) => [capability].flat().every(one => isNotHeldUp(one as Capability)))
  expect(exempt.map(({ name }) => name)).toEqual(never.map(({ name }) => name))
  expect(never.length).toBeGreaterThanOrEqual(3)
})
