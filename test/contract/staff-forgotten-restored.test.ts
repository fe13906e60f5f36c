import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { StaffDetailsRecorded, StaffLeft, StaffRegistered } from '#domain/staff/events'
import { eraseStaffDetails } from '#domain/staff/erase-staff-details'
import { staff } from '#domain/staff/staff'
import { envelopeOf } from '#event-codec/sealed'
import type { StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { carryOutStaffErasure, staffErasureBegunBy } from '#processes/staff-details'
import { backUpVault } from '#subject-keys/postgres/vault-backup'
import { type World, restoreOver, rewindLogTo } from '../support/vault-life.js'
import { facts, world } from '../support/world.js'

let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})
const at = '2026-11-01T09:00:00.000Z'
const staffRef = randomUUID() as StaffRef

async function named() {
  const name = Personal.of('Rosalind Okonjo-Bright')
  const came = [StaffRegistered.of({ staffRef, role: 'ips-worker', at }), StaffDetailsRecorded.of({ staffRef, name })]
  await w.commands.execute({
    aggregate: staff,
    id: staffRef,
    facts: facts(),
    decide: () => accept([...came, StaffLeft.of({ staffRef, leftAt: at })]),
  })
}
async function forgotten() {
  await w.commands.execute({
    aggregate: staff,
    id: staffRef,
    facts: facts(),
    decide: eraseStaffDetails.decide({ staffRef, cause: 'NO_LONGER_NEEDED' }, {}),
  })
  for await (const stored of w.store.readStream(`staff-${staffRef}`)) {
    const work = staffErasureBegunBy(w.codec.decode(stored))
    if (work) await carryOutStaffErasure(work, { ...w, assertOwnLog: () => Promise.resolve() })
  }
}
async function theirName() {
  const { details } = (await w.folds.load(staff, staffRef)).state
  const sealed = details && envelopeOf(details.name)
  if (!sealed) throw new Error('Nobody was named')
  return (await w.keys.open([{ subject: staffRef, sealed, declared: ['StaffDetailsRecorded|name'] }]))[0]
}
const isFenced = async () => (await w.folds.load(staff, staffRef)).ended.size === 1
async function yesterdays() {
  await w.keys.passGate()
  await backUpVault(w.vault.sql, join(w.folder, 'yesterday'), w.clock.now())
  return (await w.store.head()) as bigint
}

test('[C46] yesterday’s vault with today’s log: whoever was forgotten stays so', async () => {
  await named()
  expect(await theirName()).toEqual({ known: 'Rosalind Okonjo-Bright' })
  await yesterdays()
  await forgotten()
  expect(await theirName()).toBe('erased')
  await restoreOver(w, join(w.folder, 'yesterday'))
  expect(await w.keys.passGate()).toMatchObject({ undead: 1, lost: [] })
  expect(await theirName()).toBe('erased')
})
test('[C46] yesterday’s log with today’s vault: the fence is put back from the journal, once', async () => {
  await named()
  const position = await yesterdays()
  await forgotten()
  await rewindLogTo(w, position)
  w.folds.forget()
  w.keys.doubt()
  expect(await isFenced()).toBe(false)
  expect(await w.keys.passGate()).toMatchObject({ refenced: 1, lost: [] })
  expect([await isFenced(), await theirName()]).toEqual([true, 'erased'])
  w.keys.doubt()
  expect(await w.keys.passGate()).toMatchObject({ refenced: 0 })
})
