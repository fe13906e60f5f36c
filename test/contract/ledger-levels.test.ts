import { createHash, randomUUID } from 'node:crypto'
import type { EventStore, LoggedEvent, WholeLog } from '#event-store/event-store'
import { LedgerAltered } from '#ledger/ledger-altered'
import { Sequencer } from '#ledger/postgres/sequencer'
import { type TestSigner, checked, publish, testSigner } from '../support/ledger.js'
import { asInsider } from '../support/planted.js'
import { world } from '../support/world.js'

/** Enough for a full tile of the second level, and some more. */
const many = 65_536 + 700

/** A log of one stream a hundred events, of any length, that no store has to hold. */
class LongLog implements WholeLog {
  length = 0
  readonly #ids: string[] = []

  grow(count: number) {
    for (let n = 0; n < count; n++) this.#ids.push(randomUUID())
    this.length += count
  }
  #event(n: number): LoggedEvent {
    return {
      id: this.#ids[n]!,
      type: 'Tried',
      stream: `tried-${Math.floor(n / 100)}`,
      revision: BigInt(n % 100),
      position: BigInt(n + 1),
      recordedAt: new Date(1_790_000_000_000 + n).toISOString(),
      data: { json: { n } },
      metadata: { json: {} },
    }
  }
  async *follow({ after = 0n, signal }: Parameters<WholeLog['follow']>[0]) {
    await Promise.resolve()
    for (let n = Number(after); n < this.length && !signal.aborted; n++) yield this.#event(n)
    yield { caughtUp: true } as const
  }
  at(position: bigint) {
    return Promise.resolve(position > 0n && position <= BigInt(this.length) ? this.#event(Number(position) - 1) : undefined)
  }
  head() {
    return Promise.resolve(BigInt(this.length))
  }
  outOfPlace() {
    return Promise.resolve([])
  }
  damageTo() {
    return Promise.resolve(undefined)
  }
}

describe('a ledger of three levels', () => {
  const log = new LongLog()
  let w: Awaited<ReturnType<typeof world>>
  let signer: TestSigner
  const sequence = async () => {
    const stop = new AbortController()
    const caughtUp = () => {
      stop.abort()
    }
    await new Sequencer(w.sql, log, signer.origin, { gap: () => Promise.reject(new Error('there is no gap')), caughtUp }).run(stop.signal)
  }
  const found = async (deep = false) =>
    (await checked({ ledger: w.ledger, store: { whole: log } as unknown as EventStore }, signer, deep)).findings.map(({ what }) => what)
  /** Changes a byte of a row of tiles, and back. */
  const flipped = (table: 'tile' | 'edge', level: number, index = 0) =>
    asInsider(w.database.admin, tx =>
      tx.unsafe(
        `update ledger.${table} set hashes = set_byte(hashes, 8, get_byte(hashes, 8) # 1) where level = ${level}`
          + (table === 'tile' ? ` and idx = ${index}` : ''),
      ),
    )
  beforeAll(async () => {
    ;[w, signer] = [await world({ kind: 'postgres' }, { policies: false }), await testSigner()]
    log.grow(many)
    await sequence()
    await publish(w, signer)
  }, 120_000)
  afterAll(async () => {
    await w.end()
    await signer.stop()
  })

  test('every row of a level above the leaves that is changed is found', async () => {
    const rows = await w.sql<{ table: 'tile' | 'edge'; level: number }[]>`
      select distinct 'tile' as table, level from ledger.tile union select 'edge', level from ledger.edge where hashes <> '' order by 1, 2`
    expect(rows.map(({ table, level }) => `${table} ${level}`)).toEqual(['edge 0', 'edge 1', 'edge 2', 'tile 0', 'tile 1'])
    // Those of the leaves themselves are changed in ledger-columns, where a check takes no second.
    for (const { table, level } of rows.filter(row => row.level > 0)) {
      await flipped(table, level)
      expect([table, level, await found()]).toEqual([
        table,
        level,
        [expect.stringContaining(table === 'tile' ? `The tile ${level}/0 is not` : `The unfinished tile of level ${level} is not`)],
      ])
      await flipped(table, level)
    }
  }, 240_000)
  /** Another entry for a leaf, with its hash and, where it is to be, with its place in the tree. */
  const forged = (index: number, entry: Buffer, inTree: 'tile' | 'edge' | 'no') =>
    asInsider(w.database.admin, async tx => {
      const hash = createHash('sha256')
        .update(Buffer.concat([Buffer.from([0]), entry]))
        .digest()
      const at = (index % 256) * 32 + 1
      await tx`update ledger.leaf set entry = ${entry}, leaf_hash = ${hash} where idx = ${index}`
      if (inTree === 'tile')
        await tx`update ledger.tile set hashes = overlay(hashes placing ${hash} from ${at})
          where level = 0 and idx = ${Math.floor(index / 256)}`
      if (inTree === 'edge') await tx`update ledger.edge set hashes = overlay(hashes placing ${hash} from ${at}) where level = 0`
    })
  const lastOf = async (stream: string) => {
    const [last] = await w.sql<{ idx: string; entry: Buffer }[]>`
      select idx, entry from ledger.leaf where stream = ${stream} order by rev desc limit 1`
    return { index: Number(last!.idx), entry: last!.entry }
  }
  const tryed = (entry: Buffer) => Buffer.from(entry.toString('utf8').replace('"Tried"', '"Tryed"'))

  test('a leaf that was changed together with its hash and its tile is not chained to', async () => {
    const { index, entry } = await lastOf(`tried-${Math.floor(log.length / 100)}`)
    await forged(index, tryed(entry), 'edge')
    log.grow(1)
    const signed = signer.signer.last
    await expect(sequence()).rejects.toThrow(LedgerAltered)
    await expect(publish(w, signer)).rejects.toThrow(LedgerAltered)
    expect(signer.signer.last).toBe(signed)
    await forged(index, entry, 'edge')
    await sequence()
    await publish(w, signer)
    expect(await found(true)).toEqual([])
  }, 120_000)
  test('a leaf that is not signed yet and was made to follow another is not signed', async () => {
    log.grow(1)
    await sequence()
    const { index, entry } = await lastOf(`tried-${Math.floor((log.length - 1) / 100)}`)
    const other = Buffer.from(entry.toString('utf8').replace(/"prev":"[^"]{43}=/, `"prev":"${'A'.repeat(43)}=`))
    expect(other.equals(entry)).toBe(false)
    const signed = signer.signer.last
    await forged(index, other, 'edge')
    await expect(publish(w, signer)).rejects.toThrow('does not follow the leaf of its stream before it')
    expect(signer.signer.last).toBe(signed)
    await forged(index, entry, 'edge')
    await publish(w, signer)
    expect(signer.signer.last).not.toBe(signed)
  }, 120_000)
  /** The next event of this stream comes after thousands of others. */
  const oneMoreOf = (stream: string, revision: bigint) => {
    const follow = log.follow.bind(log)
    log.grow(1)
    const here = BigInt(log.length)
    log.follow = async function* (options) {
      for await (const item of follow(options)) yield 'caughtUp' in item || item.position !== here ? item : { ...item, stream, revision }
    }
  }
  test('a leaf of long ago that was changed with its hash alone is not chained to', async () => {
    const { index, entry } = await lastOf('tried-4')
    await forged(index, tryed(entry), 'no')
    oneMoreOf('tried-4', 100n)
    await expect(sequence()).rejects.toThrow(`the tree does not hold the leaf ${index} as it stands`)
    await forged(index, entry, 'no')
    await sequence()
    await publish(w, signer)
  }, 120_000)
  test('a leaf of long ago that was changed with its hash and its full tile is sequenced after, and never signed after', async () => {
    const { index, entry } = await lastOf('tried-5')
    await forged(index, tryed(entry), 'tile')
    oneMoreOf('tried-5', 100n)
    const signed = signer.signer.last
    await sequence()
    await expect(publish(w, signer)).rejects.toThrow('is not the one that was signed')
    expect(signer.signer.last).toBe(signed)
    await forged(index, entry, 'tile')
    expect(await found()).toEqual([expect.stringContaining('does not follow')])
  }, 120_000)
})
