import { randomUUID } from 'node:crypto'
import { isInPlace } from '#event-store/postgres/migrations/0004-between-first-and-last'
import { NoNextLeaf } from '#ledger/postgres/next-leaf'
import { type TestSigner, checked, publish, sequence, testSigner } from '../support/ledger.js'
import { asInsider } from '../support/planted.js'
import { event } from '../support/tampering.js'
import { world } from '../support/world.js'

/** What an administrator makes of a row of the event store, once its constraints are out of the way. */
const unreadable: readonly (readonly [string, string])[] = [
  ['a time without end', `recorded_at = 'infinity'`],
  ['a time before all times', `recorded_at = '-infinity'`],
  ['a year before Christ', `recorded_at = '0044-03-15 12:00:00+00 BC'`],
  ['a year that no calendar here has', `recorded_at = '290000-01-01 00:00:00+00'`],
  ['no time', 'recorded_at = null'],
  ['no data', 'data = null'],
  ['no metadata', 'metadata = null'],
  ['no type', 'type = null'],
  ['no id', 'id = null'],
  ['no stream', 'stream = null'],
  ['no revision', 'revision = null'],
]
const nullable = (how: 'drop' | 'set') =>
  ['stream', 'revision', 'id', 'type', 'data', 'metadata', 'recorded_at'].map(column => `alter column ${column} ${how} not null`).join()

describe('a row of the event store that somebody made unreadable', () => {
  let w: Awaited<ReturnType<typeof world>>
  let signer: TestSigner
  let first: string
  beforeAll(async () => {
    ;[w, signer] = [await world({ kind: 'postgres' }, { policies: false }), await testSigner()]
    first = await grow()
    await sequence(w, signer)
    await publish(w, signer)
  })
  afterAll(async () => {
    await w.end()
    await signer.stop()
  })
  const grow = async () => {
    const stream = `tried-${randomUUID()}`
    await w.store.append(stream, 'no_stream', Array.from({ length: 3 }, event))
    return stream
  }
  /** With the row as it was, and another beside it edited, to be found in the same run. */
  async function whileChanged(stream: string, change: string, work: () => Promise<void>) {
    await asInsider(w.database.admin, async tx => {
      await tx.unsafe(`create table public.kept as table event_store.event;
        alter table event_store.event drop constraint event_in_place, drop constraint event_stream_revision_key, ${nullable('drop')}`)
      const { count } = await tx.unsafe(`update event_store.event set ${change} where stream = '${stream}' and revision = 1`)
      expect(count).toBe(1)
      await tx.unsafe(`update event_store.event set data = '{"n":2}' where stream = '${first}' and revision = 2`)
    })
    try {
      await work()
    } finally {
      await asInsider(w.database.admin, tx =>
        tx.unsafe(`delete from event_store.event; insert into event_store.event table public.kept; drop table public.kept;
          alter table event_store.event add constraint event_stream_revision_key unique (stream, revision),
          add constraint event_in_place check (${isInPlace}), ${nullable('set')}`),
      )
    }
  }
  const found = async () =>
    (await checked(w, signer, true)).findings.map(({ what, index }) => [
      index,
      what.replace(/^It is no leaf yet, and can be none/, 'waits'),
    ])
  const theOther = [3, 'In the event store it has other data']

  test.each(unreadable)('that is a leaf and has %s is named by fsck --deep, which goes on with the rest', async (_, change) => {
    await whileChanged(first, change, async () => {
      expect(await found()).toEqual([
        [2, expect.stringContaining('It cannot be read in the event store: ')],
        [2, expect.stringContaining('In the event store it has other ')],
        theOther,
      ])
    })
    expect(await found()).toEqual([])
  })
  test.each(unreadable)('that waits to be a leaf and has %s is named, too, and is none', async (_, change) => {
    const waits = await grow()
    const { size } = (await w.ledger.standing())!
    await whileChanged(waits, change, async () => {
      expect(await found()).toEqual([theOther, [undefined, expect.stringContaining('waits: something of it is missing')]])
      await expect(sequence(w, signer)).rejects.toThrow(NoNextLeaf)
      expect((await w.ledger.standing())?.size).toBe(size)
    })
    await sequence(w, signer)
    await publish(w, signer)
    expect(await found()).toEqual([])
  })
})
