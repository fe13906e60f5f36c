import { randomUUID } from 'node:crypto'
import { LedgerAltered } from '#ledger/ledger-altered'
import { type StreamGap, Sequencer } from '#ledger/postgres/sequencer'
import { leafHash } from '#merkle/tree-hash'
import { type TestSigner, checked, publish, testSigner } from '../support/ledger.js'
import { asInsider } from '../support/planted.js'
import { event } from '../support/tampering.js'
import { world } from '../support/world.js'

/** Each rule is tried by what no rule beside it sees: one that was taken away would not be missed otherwise. */
describe('each thing that is looked at before a leaf is added or a root is signed', () => {
  let w: Awaited<ReturnType<typeof world>>
  let signer: TestSigner
  let gaps: StreamGap[]
  const stream = `tried-${randomUUID()}`
  const grow = async (to: string, count: number) => {
    await w.store.append(to, (await w.store.lastOf(to))?.revision ?? 'no_stream', Array.from({ length: count }, event))
  }
  const sequence = async () => {
    const stop = new AbortController()
    const caughtUp = () => {
      stop.abort()
    }
    const gap = (found: StreamGap) => {
      gaps.push(found)
      return Promise.resolve()
    }
    await new Sequencer(w.sql, w.store.whole, signer.origin, { gap, caughtUp }).run(stop.signal)
  }
  const changed = (statement: string) =>
    asInsider(w.database.admin, async tx => {
      expect((await tx.unsafe(statement)).count).toBe(1)
    })
  beforeEach(async () => {
    ;[w, signer, gaps] = [await world({ kind: 'postgres' }, { policies: false }), await testSigner(), []]
    await grow(stream, 3)
    await grow(`tried-${randomUUID()}`, 100)
    await sequence()
    await publish(w, signer)
  })
  afterEach(async () => {
    await w.end()
    await signer.stop()
  })

  /** Of leaves that nobody signed yet: the tiles of those before have to make the root that was signed. */
  const flipped = (table: 'tile' | 'edge') =>
    `update ledger.${table} set hashes = set_byte(hashes, octet_length(hashes) - 1, get_byte(hashes, octet_length(hashes) - 1) # 1)
     where level = 0`
  test.each([
    ['a full tile', flipped('tile'), 'the tile 0/0 is not that of its leaves'],
    ['the unfinished tile', flipped('edge'), 'the tile 0/1 is not that of its leaves'],
  ])('%s that was changed behind what was signed is not signed', async (_, statement, why) => {
    await grow(`tried-${randomUUID()}`, 300)
    await sequence()
    const { last } = signer.signer
    await changed(statement)
    await expect(publish(w, signer)).rejects.toThrow(why)
    expect(signer.signer.last).toBe(last)
    await changed(statement)
    expect(await publish(w, signer)).toMatchObject({ kind: 'signed' })
  })
  test('nothing is added or signed behind a last leaf that is not the one that was signed, whatever stream goes on', async () => {
    const [last] = await w.sql<{ idx: string; entry: Buffer }[]>`select idx, entry from ledger.leaf order by idx desc limit 1`
    const forged = Buffer.from(last!.entry.toString('utf8').replace('"Tried"', '"Tryed"'))
    await asInsider(
      w.database.admin,
      tx => tx`update ledger.leaf set entry = ${forged}, leaf_hash = ${Buffer.from(leafHash(forged))} where idx = ${last!.idx}`,
    )
    await grow(stream, 1)
    for (const goesOn of [sequence, () => publish(w, signer)])
      await expect(goesOn()).rejects.toThrow(`the leaf ${last!.idx} is not the one that was signed`)
  })
  test('nothing is added to an unfinished tile that is longer than its leaves', async () => {
    await changed(`update ledger.edge set hashes = hashes || substring(hashes from 1 for 32) where level = 0`)
    await expect(sequence()).rejects.toThrow('the unfinished tile of level 0 is not that of its leaves')
  })
  test.each([
    [
      'in another stream',
      `update ledger.leaf set stream = 'tried-another' where stream = '${stream}' and rev = 2`,
      'columns beside its entry',
    ],
    ['by another revision', `update ledger.leaf set rev = -1 where stream = '${stream}' and rev = 2`, 'columns beside its entry'],
    ['because it was deleted', `delete from ledger.leaf where stream = '${stream}' and rev = 2`, '1 of its leaves are gone'],
  ])('no gap goes on record for a leaf that is hidden %s', async (_, statement, why) => {
    await changed(statement)
    await grow(stream, 1)
    const failed: unknown = await sequence().catch((error: unknown) => error)
    expect([gaps, failed]).toEqual([[], expect.any(LedgerAltered)])
    expect((failed as LedgerAltered).message).toContain(why)
  })
  test('a gap that is one goes on record', async () => {
    await grow(stream, 2)
    await asInsider(w.database.admin, tx => tx`delete from event_store.event where stream = ${stream} and revision = 3`)
    await sequence()
    expect(gaps).toEqual([{ stream, expected: 3n, found: 4n }])
    expect((await checked(w, signer, true)).findings).toEqual([])
  })
})
