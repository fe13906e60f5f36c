import { randomUUID } from 'node:crypto'
import type { Scope } from '#event-kit/scope'
import { InMemoryRevocationJournal } from './memory-revocation-journal.js'
import { InMemorySubjectKeys } from './memory.js'
import { type Fence, KeyMissing, SealBroken, SubjectErased } from './subject-keys.js'

/** What the vault of specs and simulations does beside the contract: the journal, back-ups and restores, the index of a fence. */
const subject = randomUUID()
const at = () => `${randomUUID()}|T.v1|f`
function world() {
  const journal = new InMemoryRevocationJournal()
  const keys = new InMemorySubjectKeys(journal)
  const seal = async (scope: Scope, of = subject) => {
    const { sealed, keys: used } = await keys.seal([{ subject: of, scope, at: at(), plaintext: '"x"' }])
    return { sealed: sealed[0]!, key: used[0]! }
  }
  const open = async (sealed: Awaited<ReturnType<typeof seal>>['sealed'], of = subject) =>
    (await keys.open([{ subject: of, sealed, declared: ['T|f'] }]))[0]
  const close = (change: Partial<Fence> = {}) =>
    keys.close({ subject, scopes: [], kids: [], fenceEventId: randomUUID(), cause: 'ERASURE', ...change })
  return { journal, keys, seal, open, close }
}
const journalled = async (journal: InMemoryRevocationJournal, since = 0) =>
  (await journal.since(since)).map(({ revocation: { scopes, kids }, end }) => ({ scopes, kids, end }))

test('a fence is journalled before anything is gone, once, with every key that it ends', async () => {
  const { journal, seal, close } = world()
  const ref = (await seal('REF')).key
  const emp = (await seal('EMP')).key
  await seal('REF', randomUUID())
  await close({ scopes: ['REF'], kids: [emp.kid] })
  await close({ scopes: ['REF'], kids: [emp.kid] })
  expect(await journalled(journal)).toEqual([{ scopes: ['REF'], kids: [emp.kid, ref.kid], end: 1 }])
  await close({ scopes: ['REF', 'HLT'] })
  expect(await journalled(journal)).toHaveLength(2)
})
test('the journal is read on from an end; a longer one than it is, from its start', async () => {
  const { journal, close } = world()
  for (const scope of ['REF', 'EMP', 'HLT'] as const) await close({ scopes: [scope] })
  expect((await journalled(journal, 1)).map(({ end }) => end)).toEqual([2, 3])
  expect(await journalled(journal, 3)).toEqual([])
  expect((await journalled(journal, 4)).map(({ end }) => end)).toEqual([1, 2, 3])
})
test('what comes from the journal is not journalled again', async () => {
  const { journal, keys, seal, open } = world()
  const { sealed } = await seal('REF')
  expect(await keys.apply({ subject, scopes: ['REF'], kids: [], fenceEventId: randomUUID(), cause: 'ERASURE' }, true)).toBe(1)
  expect([await journalled(journal), await open(sealed)]).toEqual([[], 'erased'])
})
test('a fence answers every key of the person that is gone by now, and nobody else’s', async () => {
  const { seal, close } = world()
  const [{ key: first }, { key: second }, { key: others }] = [await seal('REF'), await seal('EMP'), await seal('REF', randomUUID())]
  expect(await close({ scopes: ['REF'] })).toEqual([first.kid])
  expect([...(await close({ scopes: ['EMP'] }))].sort()).toEqual([first.kid, second.kid].sort())
  expect(others.kid).not.toBe(first.kid)
})
test('a field that is erased takes the index rows of its key’s scope along; a key that others may know does not', async () => {
  const { keys, seal, close } = world()
  const { key } = await seal('CON')
  const rows = async () => (await keys.find({ field: 'phone', value: '1' })).length
  await keys.reserve(randomUUID(), subject, [{ field: 'phone', value: '1', scope: 'CON' }])
  await keys.renew(subject, key.kid)
  await close({ kids: [key.kid], cause: 'COMPROMISED' })
  expect(await rows()).toBe(1)
  const { key: newer } = await seal('CON')
  await close({ kids: [newer.kid], cause: 'FIELD_ERASED' })
  expect(await rows()).toBe(0)
})
test('a key that was announced and is not there is lost: nothing is sealed in its place until it is fenced', async () => {
  const { keys, seal, open, close } = world()
  const { key, sealed } = await seal('REF')
  keys.lose(key.kid)
  expect(await keys.noteLost([key])).toEqual([key.kid])
  await expect(seal('REF')).rejects.toBeInstanceOf(KeyMissing)
  expect((await seal('EMP')).key.generation).toBe(1)
  await expect(open(sealed)).rejects.toBeInstanceOf(KeyMissing)
  await close({ scopes: ['REF'] })
  expect([await keys.noteLost([key]), await open(sealed)]).toEqual([[], 'erased'])
  await expect(seal('REF')).rejects.toBeInstanceOf(SubjectErased)
})
test('a key that is there is not lost', async () => {
  const { keys, seal } = world()
  const { key } = await seal('REF')
  expect(await keys.noteLost([key])).toEqual([])
})
test('a back-up puts back keys, fences, what was lost and the index, all as they were', async () => {
  const { keys, seal, open, close } = world()
  const { sealed, key } = await seal('REF')
  await keys.reserve(randomUUID(), subject, [{ field: 'phone', value: '1', scope: 'CON' }])
  const restore = keys.backUp()
  const { sealed: later } = await seal('EMP')
  await close({ scopes: ['REF', 'CON'] })
  expect([await open(sealed), (await keys.find({ field: 'phone', value: '1' })).length]).toEqual(['erased', 0])
  restore()
  expect([await open(sealed), (await keys.find({ field: 'phone', value: '1' })).length, (await seal('REF')).key.kid]).toEqual([
    { known: 'x' },
    1,
    key.kid,
  ])
  await expect(open(later)).rejects.toBeInstanceOf(KeyMissing)
})
test('a fence that the log does not know is taken back: the key counts as lost, not as erased', async () => {
  const { keys, seal, open, close } = world()
  const { sealed, key } = await seal('REF')
  await close({ kids: [key.kid] })
  expect(await open(sealed)).toBe('erased')
  await keys.reinstate(key, false)
  await expect(open(sealed)).rejects.toBeInstanceOf(KeyMissing)
  await expect(seal('REF')).rejects.toBeInstanceOf(KeyMissing)
})
test('a reinstated key that is there goes on, if it may; past a fence nothing is reinstated', async () => {
  const { keys, seal, open, close } = world()
  const { sealed, key } = await seal('REF')
  await keys.reinstate(key, true)
  expect(await open(sealed)).toEqual({ known: 'x' })
  await close({ scopes: ['REF'] })
  await keys.reinstate(key, false)
  expect(await open(sealed)).toBe('erased')
})
test('a generation that was taken over by a newer one does not take the index along', async () => {
  const { keys, seal } = world()
  const { key } = await seal('CON')
  const rows = async () => (await keys.find({ field: 'phone', value: '1' })).length
  await keys.reserve(randomUUID(), subject, [{ field: 'phone', value: '1', scope: 'CON' }])
  await keys.renew(subject, key.kid)
  await keys.reinstate(key, false)
  expect(await rows()).toBe(1)
  const newer = { ...key, kid: randomUUID(), generation: 2 }
  await keys.reinstate(newer, false)
  expect(await rows()).toBe(0)
})
test('only the person’s own newest key has a next generation', async () => {
  const { keys, seal } = world()
  const { key } = await seal('REF')
  await expect(keys.renew(randomUUID(), key.kid)).rejects.toBeInstanceOf(KeyMissing)
  await expect(keys.renew(subject, randomUUID())).rejects.toBeInstanceOf(KeyMissing)
  for (const generation of [2, 3]) {
    await keys.renew(subject, (await seal('REF')).key.kid)
    expect((await seal('REF')).key.generation).toBe(generation)
  }
})
test('what is left is counted by scope and by key, for this person only', async () => {
  const { keys, seal } = world()
  const [{ key, sealed }, { sealed: other }] = [await seal('REF'), await seal('EMP')]
  await seal('REF', randomUUID())
  await keys.reserve(randomUUID(), subject, [
    { field: 'phone', value: '1', scope: 'CON' },
    { field: 'nhsNumber', value: '2', scope: 'REF' },
  ])
  expect(await keys.remaining(subject, [], ['REF', 'CON'])).toEqual({ keys: 1, indexRows: 2 })
  expect(await keys.remaining(subject, [key.kid], ['EMP'])).toEqual({ keys: 2, indexRows: 0 })
  expect(await keys.remaining(randomUUID(), [key.kid], ['REF', 'CON'])).toEqual({ keys: 0, indexRows: 0 })
  expect([await keys.probe(subject, [sealed, other]), await keys.probe(randomUUID(), [sealed])]).toEqual([2, 0])
})
test('the gate stands where it was moved, and a back-up takes its place along', async () => {
  const { keys } = world()
  expect(await keys.gateStanding()).toBeUndefined()
  const restore = keys.backUp()
  await keys.moveGate({} as Parameters<typeof keys.moveGate>[0])
  expect(await keys.gateStanding()).toEqual({})
  restore()
  expect(await keys.gateStanding()).toBeUndefined()
})
test('tampering is told from a wrong reader', async () => {
  const { seal, open } = world()
  const { sealed } = await seal('REF')
  await expect(open(sealed, randomUUID())).rejects.toBeInstanceOf(SealBroken)
})
test('a key is renewed once, however often that is asked for; another scope or person is another matter', async () => {
  const { keys, seal } = world()
  const { key } = await seal('REF')
  const other = randomUUID()
  await keys.renew(other, (await seal('REF', other)).key.kid)
  await keys.renew(subject, (await seal('EMP')).key.kid)
  for (const _ of [1, 2, 3]) await keys.renew(subject, key.kid)
  expect(await keys.remaining(subject, [], ['REF'])).toEqual({ keys: 2, indexRows: 0 })
  expect((await seal('REF')).key.generation).toBe(2)
})
describe('the index of others, and of other scopes, stays', () => {
  const other = randomUUID()
  const phone = (scope: Scope) => ({ field: 'phone' as const, value: `${scope}-1`, scope })
  async function indexed() {
    const made = world()
    const commandId = randomUUID()
    for (const scope of ['CON', 'REF'] as const) {
      await made.keys.reserve(commandId, subject, [phone(scope)])
      await made.keys.reserve(randomUUID(), other, [phone(scope)])
    }
    const who = async (scope: Scope) => (await made.keys.find(phone(scope))).map(match => (match.subject === subject ? 'person' : 'other'))
    return { ...made, commandId, rows: async () => [await who('CON'), await who('REF')] }
  }
  test('when a field is erased', async () => {
    const { close, rows, seal } = await indexed()
    const { key } = await seal('CON')
    await close({ kids: [key.kid, (await seal('HLT')).key.kid], cause: 'FIELD_ERASED' })
    expect(await rows()).toEqual([['other'], ['person', 'other']])
  })
  test('when a scope is closed', async () => {
    const { close, rows } = await indexed()
    await close({ scopes: ['CON'] })
    expect(await rows()).toEqual([['other'], ['person', 'other']])
  })
  test('when a key is reinstated as lost, also beside newer keys of others and of other scopes', async () => {
    const { keys, rows, seal } = await indexed()
    const { key } = await seal('CON')
    for (const [scope, of] of [
      ['CON', other],
      ['REF', subject],
    ] as const)
      await keys.renew(of, (await seal(scope, of)).key.kid)
    await keys.reinstate(key, false)
    expect(await rows()).toEqual([['other'], ['person', 'other']])
  })
  test('when a command takes back what it reserved', async () => {
    const { keys, rows, commandId } = await indexed()
    await keys.release(commandId)
    expect(await rows()).toEqual([['other'], ['other']])
  })
  test('when the person’s is built anew, with what was reserved meanwhile', async () => {
    const { keys, rows, commandId } = await indexed()
    await keys.reindex(subject, async () => {
      await keys.reserve(commandId, subject, [phone('EMP')])
      return { entries: [phone('CON')], recorded: [commandId] }
    })
    expect([await rows(), (await keys.find(phone('EMP'))).length]).toEqual([[['other', 'person'], ['other']], 1])
  })
  test('what a command reserves twice is there once; another value of the field is another row', async () => {
    const { keys, rows, commandId } = await indexed()
    await keys.reserve(commandId, subject, [phone('CON'), { ...phone('CON'), value: 'CON-2' }, { ...phone('CON'), field: 'nhsNumber' }])
    expect(await rows()).toEqual([
      ['person', 'other'],
      ['person', 'other'],
    ])
    expect(await keys.remaining(subject, [], ['CON'])).toEqual({ keys: 0, indexRows: 3 })
  })
})
test('a lost key of somebody else, or of another scope, stops nobody', async () => {
  const { keys, seal, close } = world()
  const other = randomUUID()
  const { key } = await seal('REF', other)
  const { key: emp } = await seal('EMP')
  for (const { kid } of [key, emp]) keys.lose(kid)
  expect([...(await keys.noteLost([key, emp]))].sort()).toEqual([key.kid, emp.kid].sort())
  expect((await seal('REF')).key.generation).toBe(1)
  await close({ scopes: ['REF'] })
  await expect(seal('REF', other)).rejects.toBeInstanceOf(KeyMissing)
  await expect(seal('EMP')).rejects.toBeInstanceOf(KeyMissing)
})
