import { examples } from '#domain/person/examples'
import { subjectRef } from '#domain/person/invented'
import type { StaffRole } from '#kernel/actor'
import { type SealedRecord, type StaffReader } from './opening.js'
import { world, reader, type World, fenced } from './spec.js'

describe('[C37] the names in a list', () => {
  const named = (w: World, by: StaffReader, ...records: readonly SealedRecord[]) =>
    w.opening.ofEach(
      by,
      'SERVICE_PROVISION',
      'ID.name',
      records.map(record => ({ ...record, subjectRef })),
    )
  const trained = (role: StaffRole) => ({ ...reader(role), trainedUntil: '2027-11-29T09:00:00.000Z' })
  test('are one access, on record before the vault is asked', async () => {
    const w = await world()
    expect(await named(w, trained('dpo'), w.record, w.record)).toEqual({
      ok: true,
      value: new Map([[subjectRef, { known: 'Perpetua Vantongeren' }]]),
    })
    expect(w.happened).toEqual(['RecordAccessed', 'opened 2'])
    const alsoOf = [{ subjectRef, ground: 'ROLE' }]
    expect(await w.events()).toMatchObject([
      { data: { subjectRef, what: 'LIST', fields: ['ID.name'], alsoOf }, metadata: { purpose: 'SERVICE_PROVISION' } },
    ])
  })
  test('are not opened without training, nor for a purpose that is not the reader’s', async () => {
    const w = await world()
    const untrained = { ...reader('dpo'), trainedUntil: '2026-11-01T09:00:00.000Z' }
    expect(await named(w, untrained, w.record)).toMatchObject({ ok: false, refusal: { code: 'TRAINING_EXPIRED' } })
    const asked = await w.opening.ofEach(trained('dpo'), 'MARKETING', 'ID.name', [])
    expect(asked).toMatchObject({ ok: false, refusal: { code: 'PURPOSE_NOT_REGISTERED' } })
    await new Promise(setImmediate)
    expect(w.happened).toEqual(['CommandRefused', 'CommandRefused'])
  })
  test('stay masked where the record is closed, which is then not said to have been read', async () => {
    const w = await world()
    await w.append(`person-${subjectRef}`, examples.ReferralAccepted, examples.WorkerAssigned)
    w.happened.length = 0
    expect(await named(w, trained('ips-worker'), w.record)).toEqual({ ok: true, value: new Map([[subjectRef, 'masked']]) })
    expect(w.happened).toEqual([])
  })
  test('are erased where a fence says so, and left out where there are none', async () => {
    const w = await world()
    await w.append(`person-${subjectRef}`, await fenced(w, 'REF'))
    expect(await named(w, trained('dpo'), w.record)).toEqual({ ok: true, value: new Map([[subjectRef, 'erased']]) })
    expect(await named(w, trained('dpo'), { facts: { fields: {} }, values: {} })).toEqual({ ok: true, value: new Map() })
  })
})
