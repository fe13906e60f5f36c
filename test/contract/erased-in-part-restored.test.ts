import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ErasureApproved, ErasureRequested } from '#domain/person/erasure/events'
import { examples } from '#domain/person/examples'
import { person } from '#domain/person/person'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { partsGoOn } from '#subject-keys/postgres/migrations/0007-parts-go-on'
import { backUpVault } from '#subject-keys/postgres/vault-backup'
import { KeyMissing } from '#subject-keys/subject-keys'
import { carriedOut, giveHealth, refer } from '../support/people.js'
import { type World, asAdmin, placeOf, restoreOver, rewindLogTo, sealedOf } from '../support/vault-life.js'
import { facts, world } from '../support/world.js'

let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})
const file = (name: string) => join(w.folder, name)

/** Health is erased, by an approval that is carried out. */
async function eraseHealth(subjectRef: SubjectRef) {
  const [requestId, erasureId] = [randomUUID() as typeof examples.ErasureRequested.data.requestId, randomUUID() as ErasureId]
  const asked = ErasureRequested.of({ ...examples.ErasureRequested.data, subjectRef, requestId })
  const approved = ErasureApproved.of({
    ...examples.ErasureApproved.data,
    subjectRef,
    requestId,
    erasureId,
    extent: 'SCOPES',
    scopes: ['HLT'],
  })
  await w.commands.execute({ aggregate: person, id: subjectRef, facts: facts(), decide: () => accept([asked, approved]) })
  await carriedOut(w, { workId: erasureId, stream: `person-${subjectRef}`, sourceEventId: randomUUID() })
}
async function giveAgain(subjectRef: SubjectRef, summary: string) {
  expect((await giveHealth(w, subjectRef, summary)).kind).toBe('accepted')
}
/** Every health summary of the stream, in its order. */
async function summaries(subjectRef: SubjectRef) {
  const sealed = (await sealedOf(w, subjectRef)).filter(({ at }) => at.endsWith('|values.summary'))
  return w.keys.open(sealed.map(one => ({ subject: subjectRef, sealed: one, declared: placeOf(one) })))
}
const known = (summary: string) => ({ known: summary })
const fences = async (subjectRef: SubjectRef) => (await w.folds.load(person, subjectRef)).state.keys.fences.size
const yesterdays = async () => {
  await w.keys.passGate()
  await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
  return (await w.store.head()) as bigint
}

test('yesterday’s vault with today’s log: the erased stays erased; what was given since is lost and said to be', async () => {
  const subjectRef = await refer(w)
  await yesterdays()
  await eraseHealth(subjectRef)
  await giveAgain(subjectRef, 'given again')
  expect(await summaries(subjectRef)).toEqual(['erased', known('given again')])
  await restoreOver(w, file('yesterday'))
  expect(await w.keys.passGate()).toMatchObject({ undead: 1, lost: expect.arrayContaining([expect.any(String)]) as unknown })
  await expect(summaries(subjectRef)).rejects.toBeInstanceOf(KeyMissing)
  const [before] = await sealedOf(w, subjectRef).then(all => all.filter(({ at }) => at.endsWith('|values.summary')))
  expect(await w.keys.open([{ subject: subjectRef, sealed: before!, declared: placeOf(before!) }])).toEqual(['erased'])
})
test('yesterday’s log with today’s vault: the fence is put back, and more can be given', async () => {
  const subjectRef = await refer(w)
  const position = await yesterdays()
  await eraseHealth(subjectRef)
  await giveAgain(subjectRef, 'given, and lost with the log')
  await rewindLogTo(w, position)
  w.folds.forget()
  w.keys.doubt()
  expect(await w.keys.passGate()).toMatchObject({ refenced: 1, lost: [] })
  expect([await summaries(subjectRef), await fences(subjectRef)]).toEqual([['erased'], 1])
  await giveAgain(subjectRef, 'given again')
  expect(await summaries(subjectRef)).toEqual(['erased', known('given again')])
  w.keys.doubt()
  expect(await w.keys.passGate()).toMatchObject({ refenced: 0 })
  expect(await summaries(subjectRef)).toEqual(['erased', known('given again')])
})
test('both old: the journal alone knows, and that is enough', async () => {
  const subjectRef = await refer(w)
  const position = await yesterdays()
  await eraseHealth(subjectRef)
  await rewindLogTo(w, position)
  w.folds.forget()
  await restoreOver(w, file('yesterday'))
  expect([await summaries(subjectRef), await fences(subjectRef)]).toEqual([['erased'], 1])
  await giveAgain(subjectRef, 'given again')
  expect(await summaries(subjectRef)).toEqual(['erased', known('given again')])
})
test.each([
  ['as it is', (text: string) => text],
  ['as it was written before scopes went on', (text: string) => text.replaceAll('"PART_ERASED"', '"ERASURE"')],
])('log and journal are read from the start again, %s: what was given since stays', async (_, rewritten) => {
  const subjectRef = await refer(w)
  await eraseHealth(subjectRef)
  await giveAgain(subjectRef, 'given again')
  const journal = join(w.dir.keys, 'revoked.jsonl')
  writeFileSync(journal, rewritten(readFileSync(journal, 'utf8')))
  await asAdmin(w, sql => sql`delete from vault.gate`)
  w.keys.doubt()
  expect(await w.keys.passGate()).toMatchObject({ undead: 0, refenced: 0, lost: [] })
  expect(await summaries(subjectRef)).toEqual(['erased', known('given again')])
  await giveAgain(subjectRef, 'and once more')
  expect(await summaries(subjectRef)).toEqual(['erased', known('given again'), known('and once more')])
})
test('what an earlier version closed is open again', async () => {
  const subjectRef = await refer(w)
  await eraseHealth(subjectRef)
  await asAdmin(w, sql => sql`insert into vault.closed_scope (subject, scope, fence) values (${subjectRef}, 'HLT', ${randomUUID()})`)
  await asAdmin(w, sql => sql.unsafe(`begin; ${partsGoOn.sql} commit`))
  await giveAgain(subjectRef, 'given again')
  expect(await summaries(subjectRef)).toEqual(['erased', known('given again')])
})
