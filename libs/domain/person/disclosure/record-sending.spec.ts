import { examples } from '../examples.js'
import { disclosureId, subjectRef } from '../invented.js'
import type { PersonEvent } from '../person.js'
import { lawfulBasisOf } from './basis-rules.js'
import { type RecordSending, recordSending } from './record-sending.js'
import { facts, given, held, now, typesOf } from './spec.js'

const { ConsentGranted: granted, ConsentWithdrawn: withdrawn, DataShared: shared, DisclosureDispatched: dispatched } = examples
const before = '2026-11-02T09:00:00.000Z'
const ground = { purpose: shared.data.purpose, basis: lawfulBasisOf(shared.data.basis) }
const sending = (change: Partial<RecordSending>, ...past: readonly PersonEvent[]) =>
  given(...held, granted, ...past).when(
    recordSending.decide({ disclosureId, subjectRef, ...change }, { now, policy: facts.policy, policyThen: facts.policy }),
  )
const withdrawnAt = (at: string) => ({ ...withdrawn, data: { ...withdrawn.data, withdrawnAt: at } })
const plain = { disclosureId, subjectRef, transport: 'STAFF', method: 'SECURE_EMAIL' as const }

describe('[C24] whoever hands it over says so', () => {
  test('now, by the way that was asked for, or another', () => {
    sending({}, shared).then({ type: 'DisclosureDispatched', data: { ...plain, sentAt: now }, ...ground })
    sending({ method: 'PHONE' }, shared).then({ type: 'DisclosureDispatched', data: { ...plain, method: 'PHONE', sentAt: now }, ...ground })
  })
  test('or that it went before, with its own time', () =>
    sending({ sentAt: before }, shared).then({ type: 'DisclosureDispatched', data: { ...plain, sentAt: before }, ...ground }))
  test('also where a transport could not', () => {
    expect(typesOf(sending({}, shared, examples.DisclosureDispatchFailed).events())).toEqual(['DisclosureDispatched'])
  })
  test('of nothing that nobody asked for, that waits for its approval, or went out', () => {
    sending({}).thenRefused({ code: 'NOT_FOUND' })
    for (const past of [[examples.DisclosureRequested], [examples.DisclosureRequested, examples.DisclosureRefused], [shared, dispatched]])
      for (const change of [{}, { sentAt: before }]) sending(change, ...past).thenRefused({ code: 'DISCLOSURE_NOT_PENDING' })
  })
  test('a transport has it in its hands', () =>
    sending({}, shared, examples.DisclosureReleased).thenRefused({ code: 'DISCLOSURE_BEING_SENT' }))
})

describe('[C32] it is looked at again', () => {
  test('and refused with all that stands in its way', () => {
    sending({}, shared, withdrawn).thenRefused({ code: 'CONSENT_WITHDRAWN', also: [] })
    const disputed = { ...shared, data: { ...shared.data, recipient: 'RSC', fields: ['ID.other'] } }
    sending({}, disputed).thenRefused({ code: 'RECIPIENT_DISPUTED', also: ['FIELD_NOT_HELD'] })
    sending({}, shared, examples.ErasureFenced).thenRefused({ code: 'SUBJECT_ERASED', also: [] })
  })
  test('what was cancelled is not sent, whatever was agreed to since', () =>
    sending({}, shared, examples.PendingDisclosureCancelled).thenRefused({ code: 'DISCLOSURE_NOT_PENDING' }))
})

describe('the record never denies what was done', () => {
  const found = (...reviewItems: readonly string[]) => ({
    type: 'DisclosureFoundSent' as const,
    data: { disclosureId, subjectRef, method: 'SECURE_EMAIL' as const, sentAt: before, reviewItems },
    ...ground,
  })
  test('[C32] sent after the consent had ended: it is on record, and reviewed', () =>
    sending({ sentAt: before }, shared, withdrawnAt('2026-11-02T08:00:00.000Z')).then(found('CONSENT_WITHDRAWN')))
  test('[C32] sent before it ended, and told afterwards: it was lawful', () =>
    sending({ sentAt: before }, shared, withdrawnAt('2026-11-02T09:30:00.000Z')).then(found()))
  test('also where it was cancelled, or somebody was erased meanwhile', () => {
    sending({ sentAt: before }, shared, examples.PendingDisclosureCancelled).then(found())
    sending({ sentAt: before }, shared, examples.ErasureFenced).then(found('SUBJECT_ERASED'))
  })
  test('by the policy of that time', () => {
    const decide = recordSending.decide(
      { disclosureId, subjectRef, sentAt: before },
      { now, policy: facts.policy, policyThen: { ...facts.policy, rows: new Map() } },
    )
    expect(
      given(...held, granted, shared)
        .when(decide)
        .events(),
    ).toMatchObject([{ type: 'DisclosureDispatched', data: { reviewItems: ['RECIPIENT_NOT_IN_MATRIX'] } }])
  })
  test('what was to be reviewed already still is', () => {
    const ahead = { ...shared, data: { ...shared.data, reviewItems: ['APPROVAL_DPO'] } }
    sending({ sentAt: before }, ahead, withdrawnAt('2026-11-02T08:00:00.000Z')).then(found('APPROVAL_DPO', 'CONSENT_WITHDRAWN'))
  })
})
