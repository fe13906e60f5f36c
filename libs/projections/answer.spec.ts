import { answerOf } from './answer.js'
import { clear, declareTable, maybe, sealed } from './table.js'

const envelope = { v: 1, kid: 'k', iv: 'i', ct: 'c', at: 'a' } as const
const visits = declareTable({
  name: 'visit',
  key: 'visit_id',
  subject: 'subject_ref',
  columns: {
    visit_id: clear('uuid'),
    subject_ref: clear('uuid', { hidden: true }),
    kind: clear('text', { oneOf: ['HOME', 'OFFICE'] }),
    planned_for: clear('timestamptz(3)'),
    held_at: maybe('timestamptz(3)', { as: 'held' }),
    minutes: maybe('int'),
    present: clear('text[]'),
    summary: sealed(),
    address: sealed({ optional: true }),
    law: clear('text', { in: 'basis' }),
    provision: maybe('text', { in: 'basis' }),
    due_from: maybe('timestamptz(3)', { in: 'due', as: 'from', wholeSeconds: true }),
    due_to: maybe('timestamptz(3)', { in: 'due', as: 'to', wholeSeconds: true }),
    position: clear('bigint'),
  },
  objects: { basis: {}, due: { named: 'VisitDue' } },
})
const planned = {
  visit_id: 'v-1',
  subject_ref: 's-1',
  kind: 'HOME',
  planned_for: new Date('2026-11-23T09:00:00Z'),
  held_at: null,
  minutes: null,
  present: ['WORKER'],
  summary: null,
  address: null,
  law: 'a',
  provision: null,
  due_from: null,
  due_to: null,
  position: '12',
} as const

test('an answer names a row’s columns in camel case, tells instants as text, and leaves out what is not there yet', () => {
  expect(answerOf(visits, planned)).toEqual({
    visitId: 'v-1',
    kind: 'HOME',
    plannedFor: '2026-11-23T09:00:00.000Z',
    present: ['WORKER'],
    summary: { erased: true },
    basis: { law: 'a' },
    position: '12',
  })
})
test('what a column says of itself holds in every answer', () => {
  const held = {
    ...planned,
    held_at: new Date('2026-11-23T09:30:00.250Z'),
    minutes: 0,
    provision: 's.4',
    due_from: new Date('2026-11-24T00:00:00Z'),
    due_to: new Date('2026-11-25T00:00:00.500Z'),
  }
  expect(answerOf(visits, held)).toMatchObject({
    held: '2026-11-23T09:30:00.250Z',
    minutes: 0,
    basis: { law: 'a', provision: 's.4' },
    due: { from: '2026-11-24T00:00:00Z', to: '2026-11-25T00:00:00.500Z' },
  })
})
test('words are masked, never answered; those that need not have been given are left out when they are gone', () => {
  const told = answerOf(visits, { ...planned, summary: envelope, address: envelope })
  expect([told.summary, told.address]).toEqual([{ masked: true }, { masked: true }])
  expect(Object.keys(answerOf(visits, planned))).not.toContain('address')
  expect(JSON.stringify(told)).not.toContain(envelope.ct)
})
test('a projection puts a whole row, or patches some columns of one', () => {
  const { present: _, ...rest } = planned
  expect(visits.patch('v-1', { minutes: 40 })).toEqual({ table: visits, patch: { visit_id: 'v-1', minutes: 40 } })
  expect(visits.put({ ...rest, present: [], planned_for: '2026-11-23T09:00:00.000Z', position: 12n })).toMatchObject({
    table: visits,
    put: { present: [], position: 12n },
  })
})
