import { happened, somebody, specFor } from '#decider/spec'
import { Personal } from '#kernel/personal'
import type { StaffRef } from '#kernel/id'
import { examples } from '../examples.js'
import { person } from '../person.js'
import { declareConflict } from './declare-conflict.js'
import { endConflict } from './end-conflict.js'
import { reviewBreakGlass } from './review-break-glass.js'
import { useBreakGlass } from './use-break-glass.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  BreakGlassUsed: used,
  BreakGlassReviewed: reviewed,
  ConflictDeclared: declared,
  ConflictEnded: ended,
} = examples
const now = '2026-11-01T09:00:00.000Z'
const other = { id: '00000000-0000-4000-8000-000000000099' as StaffRef, role: 'dpo' } as const

describe('[C37] a record is opened in need', () => {
  const { subjectRef, grantId, reason } = used.data
  const opening = useBreakGlass.decide({ subjectRef, grantId, reason }, { actor: somebody, now })
  test('for four hours, with the reason', () => given(received).when(opening).then(used))
  test('of nobody who is not on record, or was erased', () => {
    given().when(opening).thenRefused({ code: 'NOT_FOUND' })
    given(received, examples.ErasureFenced).when(opening).thenRefused({ code: 'SUBJECT_ERASED' })
  })
  test('[C38] by nobody who is close to the person', () =>
    given(received, { ...declared, data: { ...declared.data, staffRef: somebody.id } })
      .when(opening)
      .thenRefused({ code: 'CONFLICT_OF_INTEREST' }))
  test('waits for no training [C47], and for no need by the role', () =>
    expect(useBreakGlass.exemptFrom).toEqual(['W2', 'W3', 'W6', 'W7', 'W8']))
})
describe('[C37] what was opened in need', () => {
  const { subjectRef, grantId, outcome } = reviewed.data
  const reviewing = (actor: typeof other | typeof somebody = other) =>
    reviewBreakGlass.decide({ subjectRef, grantId, outcome, reasons: Personal.of('There was nobody else to ask.') }, { actor, now })
  test('is looked at once, by somebody else', () => {
    given(received, used).when(reviewing()).then(reviewed)
    given(received).when(reviewing()).thenRefused({ code: 'NOT_FOUND' })
    given(received, happened(used, { actor: other }))
      .when(reviewing())
      .thenRefused({ code: 'SELF_APPROVAL_FORBIDDEN' })
    given(received, used, reviewed).when(reviewing()).thenRefused({ code: 'ALREADY_DECIDED' })
  })
})
describe('[C38] a conflict of interest', () => {
  const { subjectRef, staffRef, declaredAt } = declared.data
  const declaring = declareConflict.decide({ subjectRef, staffRef, declaredAt }, { now })
  const ending = endConflict.decide({ subjectRef, staffRef }, { now })
  test('is declared once, also by whoever has it, and not ahead', () => {
    given(received).when(declaring).then(declared)
    given(received, declared).when(declaring).thenNothing()
    given(received)
      .when(declareConflict.decide({ subjectRef, staffRef, declaredAt: '2026-12-01T09:00:00.000Z' }, { now }))
      .then(declared)
    given().when(declaring).thenRefused({ code: 'NOT_FOUND' })
    expect(declareConflict.exemptFrom).toContain('W8')
  })
  test('ends, and can be declared again', () => {
    given(received, declared).when(ending).then(ended)
    given(received, declared, ended).when(ending).thenRefused({ code: 'NOT_FOUND' })
    given(received, declared, ended).when(declaring).then(declared)
    // Whoever has one does not end it: the rule for everything that is written.
    expect(endConflict.exemptFrom).toEqual([])
  })
})
