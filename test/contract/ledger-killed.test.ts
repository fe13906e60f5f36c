import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventStoreChoice } from '#hosting/settings'
import { checkpointText, parseCheckpointText } from '#merkle/checkpoint'
import { openNote } from '#merkle/note'
import { proveConsistency } from '#merkle/proof'
import { TreeEdge } from '#merkle/tree-edge'
import { leafHash } from '#merkle/tree-hash'
import { addCheckpointText } from '#merkle/witness-request'
import { Signer } from '../../apps/signer/signer.js'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { killedAt, killedStepByStep, stepsOf } from '../support/killed.js'
import { type TestSigner, checked, publish, sequence, testSigner, verified, without } from '../support/ledger.js'
import { world } from '../support/world.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
const stores: readonly EventStoreChoice[] = [
  { kind: 'postgres' },
  ...('none' in server ? [] : [{ kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() }]),
]
if ('none' in server)
  describe('the ledger, killed [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

const event = () => ({ id: randomUUID(), type: 'Tried', data: { n: 1 }, metadata: {} })
const rootOf = (note: string, { key }: TestSigner) => parseCheckpointText(openNote(note, [key]).text)

describe.each(stores)('the ledger, killed [$kind]', choice => {
  let w: Awaited<ReturnType<typeof world>>
  let signer: TestSigner
  beforeAll(async () => {
    ;[w, signer] = [await world(choice), await testSigner()]
  })
  afterAll(async () => {
    await w.end()
    await signer.stop()
  })
  /** More than a tile, so that a batch has all its steps. */
  const grow = async (count = 300) => {
    await w.store.append(`tried-${randomUUID()}`, 'no_stream', Array.from({ length: count }, event))
  }

  test('before any step of a batch: no leaf is missing, none is there twice, and nobody sees half of it', async () => {
    const kills = await killedStepByStep(
      async n => {
        await grow()
        return killedAt(n, { job: 'sequence', choice }, signer, w)
      },
      async () => {
        // In one question: what the killed process has just sent may be carried out now.
        const [row] = await w.sql<{ size: string; leaves: string; tiles: string }[]>`
          select size, (select count(*) from ledger.leaf) as leaves, (select count(*) from ledger.tile where level = 0) as tiles
          from ledger.log where is_live`
        if (row) expect([Number(row.leaves), Number(row.tiles)]).toEqual([Number(row.size), Math.floor(Number(row.size) / 256)])
      },
    )
    expect(kills).toBeGreaterThan(2)
    await sequence(w, signer)
    expect(await checked(w, signer, true)).toMatchObject({ verdict: 'VERIFIED', findings: [] })
  }, 300_000)
  test('before any step of putting a gap on record: it is on record once, and the leaf after it is there once', async () => {
    const losses: string[] = []
    const kills = await killedStepByStep(
      async n => {
        const [stream, [first, lost, third]] = [`tried-${randomUUID()}`, [event(), event(), event()]]
        await w.store.append(stream, 'no_stream', [first, lost, third])
        losses.push(stream)
        const ended = await killedAt(n, { job: 'sequence', choice, lost: lost.id }, signer, w)
        await sequence(without(w, lost.id), signer)
        return ended
      },
      () => Promise.resolve(),
    )
    expect(kills).toBeGreaterThan(2)
    const gaps: unknown[] = []
    for await (const { type, data } of w.store.readAll()) if (type === 'LedgerGapFound') gaps.push(data['stream'])
    expect(gaps.toSorted()).toEqual(losses.toSorted())
    const rows = await w.sql<
      { stream: string; revs: string }[]
    >`select stream, string_agg(rev::text, ',' order by idx) as revs from ledger.leaf where stream = any (${losses}) group by stream`
    expect([rows.length, new Set(rows.map(({ revs }) => revs))]).toEqual([losses.length, new Set(['0,2'])])
  }, 300_000)
  test('before any step of having a checkpoint signed: what was signed is what is kept, and one size has one root', async () => {
    const kills = await killedStepByStep(
      async n => {
        await grow(3)
        await sequence(w, signer)
        return killedAt(n, { job: 'publish', choice }, signer, w)
      },
      async () => {
        await publish(w, signer)
      },
    )
    expect(kills).toBeGreaterThan(1)
    const kept = (await w.ledger.checkpoints((await w.ledger.standing())!.log)).map(({ note }) => rootOf(note, signer))
    expect(new Set(kept.map(({ size }) => size)).size).toBe(kept.length)
    expect(rootOf(readFileSync(join(signer.folder, 'last-checkpoint'), 'utf8'), signer)).toEqual(kept.at(-1))
    expect(signer.alarms).toEqual([])
  }, 300_000)
  test('before any step of an export: there is a whole bundle, or none', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'caseledger-killed-'))
    const folder = join(parent, 'bundle')
    try {
      let steps = 0
      const look = async (n: number) => {
        const ended = await killedAt(n, { job: 'export', choice, folder }, signer, w, count => {
          steps = count
        })
        const report = existsSync(folder) ? await verified(folder, signer.policyText) : undefined
        rmSync(folder, { recursive: true, force: true })
        return [ended, report?.verdict]
      }
      expect(await look(1_000_000)).toEqual(['done', 'VERIFIED'])
      expect(steps).toBeGreaterThan(50)
      for (const n of stepsOf(steps)) expect([n, ...(await look(n))]).toEqual([n, 'killed', undefined])
    } finally {
      rmSync(parent, { recursive: true, force: true })
    }
  }, 300_000)
})

test('a signer that is killed before any step of signing signs the same again or goes on, and never two roots of one size', async () => {
  const signer = await testSigner()
  const edge = new TreeEdge()
  const hashes: Buffer[] = []
  const signed = new Map<number, string>()
  const tiles = (_level: number, index: number, width: number) =>
    Promise.resolve(Buffer.concat(hashes.slice(index * 256, index * 256 + width)))
  const asked = async () => {
    const memory = readFileSync(join(signer.folder, 'last-checkpoint'), 'utf8')
    const old = memory === '' ? 0 : rootOf(memory, signer).size
    return addCheckpointText({
      old,
      proof: old === 0 ? [] : await proveConsistency(old, edge.size, tiles),
      checkpoint: checkpointText({ origin: signer.origin, size: edge.size, root: edge.root() }),
    })
  }
  try {
    const kills = await killedStepByStep(
      async n => {
        const hash = leafHash(Buffer.from(`entry ${n}`))
        hashes.push(Buffer.from(hash))
        edge.append(hash)
        return killedAt(n, { job: 'sign', asked: await asked() }, signer)
      },
      async () => {
        // What it remembers is whole; another root of that size is refused, and the ledger's own signed.
        const again = Signer.open(signer.folder)
        const { status, body } = again.sign(await asked())
        expect(status).toBe(200)
        const { size, root } = rootOf(body, signer)
        const text = Buffer.from(root).toString('base64')
        expect(signed.get(size) ?? text).toBe(text)
        signed.set(size, text)
        expect(
          again.sign(
            addCheckpointText({
              old: size,
              proof: [],
              checkpoint: checkpointText({ origin: signer.origin, size, root: leafHash(Buffer.from('forged')) }),
            }),
          ).status,
        ).toBe(422)
      },
    )
    expect(kills).toBeGreaterThan(1)
  } finally {
    await signer.stop()
  }
}, 120_000)
