import { answerFinding } from '#domain/audit/answer-finding'
import { closeAudit } from '#domain/audit/close-audit'
import { closeFinding } from '#domain/audit/close-finding'
import { drawSample } from '#domain/audit/draw-sample'
import { fixSample } from '#domain/audit/fix-sample'
import { openAudit } from '#domain/audit/open-audit'
import { raiseFinding } from '#domain/audit/raise-finding'
import { Personal } from '#kernel/personal'
import { doorOf } from '#nest/door-of'
import { DrawnAnswer, SampleAnswer, ofAudit, ofFinding } from '../answers.js'
import { AuditBody, AuditClosingBody, FindingAnswerBody, FindingBody, FindingClosingBody, SampleBody, SeedBody } from '../bodies/audit.js'
import { TheDraw, TheMandate, TheNewestCheckpoint } from '../preparations/under-an-audit.js'

const tag = 'audit'
/** Samples and findings are read with their audit. */
const inAudit = ({ auditId }: { readonly auditId: string }) => `/v1/audits/${auditId}`

export const openAuditDoor = doorOf(tag, openAudit, {
  path: 'audits',
  creates: inAudit,
  body: AuditBody,
  input: ({ subjects = [], ...body }, _, mint) => ({ ...body, auditId: mint('audit'), subjects }),
  ...ofAudit,
})

export const closeAuditDoor = doorOf(tag, closeAudit, { path: 'audits/:auditId/closing', body: AuditClosingBody, ...ofAudit })

export const fixSampleDoor = doorOf(tag, fixSample, {
  operation: 'AuditSamples.fix',
  path: 'audits/:auditId/samples',
  creates: (_, ids) => inAudit(ids),
  body: SampleBody,
  input: ({ size: wanted, type }, ids, mint) => ({ ...ids, sampleId: mint('sample'), type, wanted }),
  prepare: TheNewestCheckpoint,
  answers: SampleAnswer,
  answer: ({ sampleId }, events) => ({
    sampleId,
    checkpointSize: events.find(event => event.type === 'AuditSampleFixed')?.data.checkpointSize ?? 0,
  }),
})

export const drawSampleDoor = doorOf(tag, drawSample, {
  operation: 'AuditSamples.draw',
  path: 'audits/:auditId/samples/:sampleId/seed',
  body: SeedBody,
  prepare: TheDraw,
  answers: DrawnAnswer,
  answer: (_, events) => {
    const drawn = events.find(event => event.type === 'AuditSampleDrawn')
    return { population: drawn?.data.population ?? 0, leaves: drawn?.data.leaves ?? [] }
  },
})

export const raiseFindingDoor = doorOf(tag, raiseFinding, {
  operation: 'AuditFindings.raise',
  path: 'audits/:auditId/findings',
  creates: (_, ids) => inAudit(ids),
  body: FindingBody,
  input: ({ words, leaves = [], ...body }, ids, mint) => ({
    ...body,
    ...ids,
    findingId: mint('finding'),
    leaves,
    words: Personal.of(words),
  }),
  prepare: TheMandate,
  ...ofFinding,
})

export const answerFindingDoor = doorOf(tag, answerFinding, {
  path: 'audits/:auditId/findings/:findingId/answer',
  body: FindingAnswerBody,
  input: ({ words, answer }, ids) => ({ ...ids, answer, words: Personal.of(words) }),
  prepare: TheMandate,
  ...ofFinding,
})

export const closeFindingDoor = doorOf(tag, closeFinding, {
  operation: 'AuditFindings.close',
  path: 'audits/:auditId/findings/:findingId/closing',
  body: FindingClosingBody,
  prepare: TheMandate,
  ...ofFinding,
})
