import { fold } from '#decider/decider'
import type { Actor } from '#kernel/actor'
import { answerFinding } from './answer-finding.js'
import { audit } from './audit.js'
import { type Mandate, audits, isOpen, isWithin, mandateOf } from './audits.js'
import { closeAudit } from './close-audit.js'
import { closeFinding } from './close-finding.js'
import { drawSample } from './draw-sample.js'
import { type AuditRegisterEvent, type AuditWorkEvent } from './events.js'
import { auditExamples } from './examples.js'
import { fixSample } from './fix-sample.js'
import { openAudit } from './open-audit.js'
import { raiseFinding } from './raise-finding.js'

const now = '2026-11-01T09:00:00.000Z'
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as never
const dpo: Actor = { id: uuid(43), role: 'dpo' }
const { at: _, ...mandate } = auditExamples.AuditOpened.data
const meta = { eventId: '', actor: dpo, occurredAt: now, recordedAt: now, position: 1n, revision: 0n }
const register = (...events: readonly AuditRegisterEvent[]) =>
  fold(
    audits.evolve,
    audits.initial,
    events.map(event => ({ ...event, meta })),
  )
const work = (...events: readonly AuditWorkEvent[]) =>
  fold(
    audit.evolve,
    audit.initial,
    events.map(event => ({ ...event, meta })),
  )
const opened = auditExamples.AuditOpened
/** Under the open audit, at the time of the examples. */
const under = { mandate, now }
const codeOf = (result: { readonly ok: boolean; readonly refusal?: { readonly code: string } }) => (result.ok ? 'ok' : result.refusal?.code)

test('nobody opens an audit for themselves', () => {
  expect(codeOf(openAudit.decide(mandate, { actor: dpo, now })(register()))).toBe('ok')
  expect(codeOf(openAudit.decide({ ...mandate, auditors: [dpo.id] }, { actor: dpo, now })(register()))).toBe('SELF_APPROVAL_FORBIDDEN')
})
test.each<[string, Partial<Mandate>]>([
  ['a period that ends before it begins', { from: mandate.to, to: mandate.from }],
  ['an expiry that has passed', { expiresAt: now }],
  ['no people in a scope of people', { subjects: [] }],
  ['people in a scope of everybody', { scope: 'ALL' }],
])('%s is refused', (_, change) => {
  expect(codeOf(openAudit.decide({ ...mandate, ...change }, { actor: dpo, now })(register()))).toBe('AUDIT_PERIOD_INVALID')
})
test('[C37] an auditor reads under the open audit that names them; where there are several, they say which', () => {
  const auditor = mandate.auditors[0] as string
  const two = { ...opened, data: { ...opened.data, auditId: uuid(60) } }
  const of = (known: ReturnType<typeof register>, named?: string, when = now) => {
    const found = mandateOf(known, auditor, named, when)
    return found.ok ? found.value.auditId : found.refusal.code
  }
  expect(of(register())).toBe('AUDIT_REQUIRED')
  expect(of(register(opened))).toBe(mandate.auditId)
  expect(of(register(opened), undefined, mandate.expiresAt)).toBe('AUDIT_REQUIRED')
  expect(of(register(opened, auditExamples.AuditClosed))).toBe('AUDIT_REQUIRED')
  expect(of(register(opened, two))).toBe('AUDIT_REQUIRED')
  expect(of(register(opened, two), uuid(60))).toBe(uuid(60))
  expect(of(register(opened, two), uuid(61))).toBe('AUDIT_REQUIRED')
  expect(codeOf(mandateOf(register(opened), dpo.id, undefined, now))).toBe('AUDIT_REQUIRED')
})
test('an audit of some people is about nobody else, and not about everybody', () => {
  expect([isWithin(mandate, mandate.subjects[0]), isWithin(mandate, uuid(2)), isWithin(mandate, undefined)]).toEqual([true, false, false])
  expect(isWithin({ scope: 'ALL', subjects: [] }, undefined)).toBe(true)
})
test('an audit is closed once, and stays so', () => {
  expect(codeOf(closeAudit.decide({ auditId: mandate.auditId, reason: 'DONE' }, { now })(register()))).toBe('NOT_FOUND')
  expect(closeAudit.decide({ auditId: mandate.auditId, reason: 'DONE' }, { now })(register(opened))).toMatchObject({
    ok: true,
    value: [{ type: 'AuditClosed' }],
  })
  expect(closeAudit.decide({ auditId: mandate.auditId, reason: 'DONE' }, { now })(register(opened, auditExamples.AuditClosed))).toEqual({
    ok: true,
    value: [],
  })
  expect(isOpen(register(opened, auditExamples.AuditClosed).get(mandate.auditId) as Mandate, now)).toBe(false)
})
test('a sample is fixed, then drawn once', () => {
  const { AuditSampleFixed: fixed, AuditSampleDrawn: drawn } = auditExamples
  const { checkpointSize } = fixed.data
  const draws = { ...under, drawn: { population: drawn.data.population, leaves: drawn.data.leaves } }
  expect(fixSample.decide(fixed.data, { ...under, checkpointSize })(work())).toEqual({ ok: true, value: [fixed] })
  expect(codeOf(fixSample.decide(fixed.data, { ...under, checkpointSize: undefined })(work()))).toBe('NOTHING_SIGNED')
  expect(codeOf(drawSample.decide(drawn.data, draws)(work()))).toBe('NOT_FOUND')
  expect(codeOf(drawSample.decide(drawn.data, { ...under, drawn: undefined })(work(fixed)))).toBe('NOTHING_SIGNED')
  expect(drawSample.decide(drawn.data, draws)(work(fixed))).toEqual({ ok: true, value: [drawn] })
  expect(codeOf(drawSample.decide({ ...drawn.data, seed: 'f'.repeat(64) }, draws)(work(fixed, drawn)))).toBe('ALREADY_DECIDED')
})
test('a finding is raised, answered and closed; then nothing more is said', () => {
  const { AuditFindingRaised: raised, AuditFindingAnswered: answered, AuditFindingClosed: closed } = auditExamples
  expect(raiseFinding.decide(raised.data, under)(work())).toEqual({ ok: true, value: [raised] })
  expect([codeOf(answerFinding.decide(answered.data, under)(work())), codeOf(closeFinding.decide(closed.data, under)(work()))]).toEqual([
    'NOT_FOUND',
    'NOT_FOUND',
  ])
  expect([
    codeOf(answerFinding.decide(answered.data, under)(work(raised))),
    codeOf(closeFinding.decide(closed.data, under)(work(raised, answered))),
  ]).toEqual(['ok', 'ok'])
  expect([
    codeOf(answerFinding.decide(answered.data, under)(work(raised, closed))),
    codeOf(closeFinding.decide(closed.data, under)(work(raised, closed))),
  ]).toEqual(['ALREADY_DECIDED', 'ALREADY_DECIDED'])
  expect(work(raised, answered, closed).findings.get(raised.data.findingId)).toMatchObject({
    by: dpo.id,
    answered: { answer: 'REMEDIED' },
    closed: { outcome: 'RESOLVED' },
  })
})

test('under an audit that is closed, has expired, or never was, nothing is done', () => {
  const { AuditSampleFixed: fixed, AuditSampleDrawn: drawn, AuditFindingRaised: raised, AuditFindingAnswered: answered } = auditExamples
  const none = { checkpointSize: undefined, drawn: undefined }
  const tries = (facts: { readonly mandate: Mandate | undefined; readonly now: string }) =>
    [
      fixSample.decide(fixed.data, { ...facts, ...none })(work()),
      drawSample.decide(drawn.data, { ...facts, ...none })(work(fixed)),
      raiseFinding.decide(raised.data, facts)(work()),
      answerFinding.decide(answered.data, facts)(work(raised)),
      closeFinding.decide(auditExamples.AuditFindingClosed.data, facts)(work(raised)),
    ].map(codeOf)
  expect(tries({ mandate: undefined, now })).toEqual(Array(5).fill('NOT_FOUND'))
  expect(tries({ mandate: { ...mandate, closedAt: now }, now })).toEqual(Array(5).fill('AUDIT_CLOSED'))
  expect(tries({ mandate, now: mandate.expiresAt })).toEqual(Array(5).fill('AUDIT_CLOSED'))
})
