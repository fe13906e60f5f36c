import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { LoggedEvent } from '#event-store/event-store'
import type { EventStoreChoice } from '#hosting/settings'
import { ledgerStream } from '#verifier/bundle-layout'
import { DirectorySink, SinkDiffers } from '#ledger/checkpoint-sink'
import { Checkpoints } from '#ledger/postgres/checkpoints'
import { LedgerReader } from '#ledger/postgres/ledger-reader'
import { LedgerFrozen, beginLedger, freezeLedger } from '#ledger/postgres/ledger-rows'
import { Sequencer } from '#ledger/postgres/sequencer'
import { TimeStamps } from '#ledger/postgres/time-stamps'
import { Witnesses } from '#ledger/witnesses'
import { verifyConsistency } from '#merkle/proof'
import { parseCheckpointText } from '#merkle/checkpoint'
import { parseNote } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { TreeEdge } from '#merkle/tree-edge'
import { leafHash } from '#merkle/tree-hash'
import { checkTlogProof, parseTlogProof } from '#merkle/tlog-proof'
import { TrustPolicy } from '#merkle/trust-policy'
import { parseEntry } from '#verifier/leaf-header'
import { certificatesIn } from '#verifier/certificate'
import { checkTimeStamp } from '#verifier/time-stamp'
import { TimeStamping, hasOpenSsl } from '../support/time-stamping.js'
import { client } from '../support/database.js'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { type TestSigner, checked, journalOf, publish, sequence, testSigner, without } from '../support/ledger.js'
import { jsonOf } from '../support/payload.js'
import { refer } from '../support/people.js'
import { world } from '../support/world.js'
import { Witness } from '../../apps/witness/witness.js'
import { serveWitness } from '../../apps/witness/witness-server.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
const stores: readonly EventStoreChoice[] = [
  { kind: 'postgres' },
  ...('none' in server ? [] : [{ kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() }]),
]
if ('none' in server)
  describe('the ledger [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

const event = () => ({ id: randomUUID(), type: 'Tried', data: { n: 1.5, text: 'é' }, metadata: { by: 'ledger' } })
const whole = async (log: {
  follow(options: { readonly after?: bigint; readonly signal: AbortSignal }): AsyncIterable<LoggedEvent | { readonly caughtUp: true }>
}) => {
  const stop = new AbortController()
  const found: LoggedEvent[] = []
  for await (const item of log.follow({ signal: stop.signal }))
    if ('caughtUp' in item) stop.abort()
    else found.push(item)
  return found
}

describe.each(stores)('the ledger [$kind]', choice => {
  let w: Awaited<ReturnType<typeof world>>
  let signer: TestSigner
  beforeAll(async () => {
    ;[w, signer] = [await world(choice), await testSigner()]
  })
  afterAll(async () => {
    await w.end()
    await signer.stop()
  })
  const leaves = async () => {
    const standing = (await w.ledger.standing())!
    return (await w.ledger.leaves(standing.log, 0, 1_000_000)).map(leaf => ({ ...leaf, header: parseEntry(leaf.entry) }))
  }

  test('every event is a leaf, once, in the order of the log, and the leaves of a stream are a chain', async () => {
    const subject = await refer(w)
    await journalOf(w, signer).open(signer.key.vkey)
    const size = await sequence(w, signer)
    const [log, all] = [await whole(w.store.whole), await leaves()]
    expect(all.map(({ eventId }) => eventId)).toEqual(log.map(({ id }) => id))
    expect(size).toBe(log.length)
    const ofSubject = all.filter(({ header }) => header.stream === `person-${subject}`)
    expect(ofSubject.map(({ header }) => header.rev)).toEqual(ofSubject.map((_, n) => String(n)))
    expect(ofSubject.map(({ header }) => header.prev)).toEqual([
      '',
      ...ofSubject.slice(0, -1).map(({ entry }) => Buffer.from(leafHash(entry)).toString('base64')),
    ])
    // What is sealed says under which keys; the word that stands in every personal field is nowhere.
    expect(ofSubject.filter(({ header }) => header.kids.length > 0).length).toBeGreaterThanOrEqual(2)
    expect(all.some(({ entry }) => entry.toString('utf8').includes('Perpetua'))).toBe(false)
  })
  test('a sequencer that is stopped goes on where it was, whatever the size of the batches', async () => {
    for (const count of [1, 300, 40]) {
      const stream = `tried-${randomUUID()}`
      await w.store.append(stream, 'no_stream', Array.from({ length: count }, event))
      await sequence(w, signer)
    }
    const [log, all, standing] = [await whole(w.store.whole), await leaves(), (await w.ledger.standing())!]
    expect(all.map(({ eventId }) => eventId)).toEqual(log.map(({ id }) => id))
    const edge = new TreeEdge()
    for (const { entry } of all) edge.append(leafHash(entry))
    expect(Buffer.from(await w.ledger.rootAt(standing.log, standing.size))).toEqual(Buffer.from(edge.root()))
  })
  test('two sequencers do not write beside each other, and neither does one whose lock was lost', async () => {
    const [one, other] = [new AbortController(), new AbortController()]
    const gap = () => Promise.reject(new Error('there is no gap'))
    const running = [one, other].map(({ signal }) => new Sequencer(w.sql, w.store.whole, signer.origin, { gap }).run(signal))
    for (let n = 0; n < 20; n++) await w.store.append(`tried-${randomUUID()}`, 'no_stream', [event(), event()])
    await sequencedTo((await w.store.head())!)
    one.abort()
    await w.store.append(`tried-${randomUUID()}`, 'no_stream', [event()])
    await sequencedTo((await w.store.head())!)
    other.abort()
    await Promise.all(running)
    expect((await leaves()).map(({ eventId }) => eventId)).toEqual((await whole(w.store.whole)).map(({ id }) => id))
  })
  const sequencedTo = async (position: bigint) => {
    while (((await w.ledger.standing())?.position ?? 0n) < position) await new Promise(resolve => setTimeout(resolve, 10))
  }

  test('a checkpoint is signed, and proves an event that it covers; one that it does not cover waits', async () => {
    expect(await publish(w, signer)).toMatchObject({ kind: 'signed' })
    expect(await publish(w, signer)).toEqual({ kind: 'nothing new' })
    const { log, size: first } = (await w.ledger.standing())!
    const late = event()
    await w.store.append(`tried-${randomUUID()}`, 'no_stream', [late])
    expect(await w.ledger.proofOf(log, late.id)).toEqual({ kind: 'waiting', index: undefined })
    await sequence(w, signer)
    expect(await w.ledger.proofOf(log, late.id)).toEqual({ kind: 'waiting', index: first })
    await publish(w, signer)
    const covered = await w.ledger.proofOf(log, late.id)
    if (covered.kind !== 'proved') throw new Error('not proved')
    const proof = parseTlogProof(covered.proof)
    expect(checkTlogProof(proof, leafHash(proof.extra!), signer.policy)).toMatchObject({
      included: true,
      checkpoint: { origin: signer.origin, size: first + 1 },
    })
    expect(parseEntry(proof.extra!)).toMatchObject({ id: late.id, type: 'Tried' })
    expect(covered.proof.length).toBeLessThan(2_048)
    const consistency = await w.ledger.consistency(log, first, first + 1)
    expect(verifyConsistency(first, first + 1, consistency, await w.ledger.rootAt(log, first), await w.ledger.rootAt(log, first + 1))).toBe(
      true,
    )
  })
  test('tiles are those of the size that was asked for, also after the ledger has grown; what is not there is not answered', async () => {
    const { log, size } = (await w.ledger.standing())!
    const all = await leaves()
    expect(size).toBeGreaterThan(256)
    const width = size % 256
    expect(await w.ledger.tile(log, { level: 0, index: 0, width: 256 })).toEqual(
      Buffer.concat(all.slice(0, 256).map(({ entry }) => leafHash(entry))),
    )
    expect(await w.ledger.tile(log, { level: 0, index: 0, width: 3 })).toEqual(
      Buffer.concat(all.slice(0, 3).map(({ entry }) => leafHash(entry))),
    )
    expect((await w.ledger.tile(log, { level: 0, index: Math.floor(size / 256), width }))?.length).toBe(width * 32)
    expect([
      await w.ledger.tile(log, { level: 0, index: Math.floor(size / 256), width: width + 1 }),
      await w.ledger.tile(log, { level: 0, index: 99, width: 1 }),
      await w.ledger.tile(log, { level: 7, index: 0, width: 1 }),
    ]).toEqual([undefined, undefined, undefined])
    const entries = (await w.ledger.tile(log, { level: 'entries', index: 0, width: 2 }))!
    expect(entries.subarray(2, 2 + entries.readUInt16BE())).toEqual(all[0]!.entry)
    expect(await w.ledger.tile(log, { level: 'entries', index: 99, width: 1 })).toBeUndefined()
  })
  test('a stream that is written to again after more others than the sequencer remembers goes on where it stood', async () => {
    const [old, young] = [1_100, 300].map(many => Array.from({ length: many }, () => `tried-${randomUUID()}`)) as [string[], string[]]
    for (let n = 0; n < old.length; n += 50)
      await Promise.all(old.slice(n, n + 50).map(stream => w.store.append(stream, 'no_stream', [event()])))
    for (const [n, stream] of young.entries()) {
      await w.store.append(stream, 'no_stream', [event()])
      await w.store.append(old[n]!, 0n, [event()])
    }
    await sequence(w, signer, 1_024)
    const all = new Map((await leaves()).map(leaf => [`${leaf.header.stream}@${leaf.header.rev}`, leaf]))
    for (const stream of old.slice(0, young.length))
      expect(all.get(`${stream}@1`)!.header.prev).toBe(leafHash(all.get(`${stream}@0`)!.entry).toString('base64'))
    expect((await whole(w.store.whole)).filter(({ type }) => type === 'LedgerGapFound')).toEqual([])
  })
  test('what was taken out of a stream is on record once, before the leaf after it, also when the sequencer had stopped', async () => {
    const [stream, [first, lost, third]] = [`tried-${randomUUID()}`, [event(), event(), event()]]
    await w.store.append(stream, 'no_stream', [first, lost, third])
    await journalOf(w, signer).gap({ stream, expected: 1n, found: 2n })
    await sequence(without(w, lost.id), signer)
    const all = await leaves()
    const [before, after] = [all.find(({ eventId }) => eventId === first.id)!, all.find(({ eventId }) => eventId === third.id)!]
    expect([after.header.rev, after.header.prev]).toEqual(['2', Buffer.from(leafHash(before.entry)).toString('base64')])
    const gaps = (await whole(w.store.whole)).filter(({ type }) => type === 'LedgerGapFound').map(({ data }) => jsonOf(data))
    expect(gaps).toMatchObject([{ stream, expected: '1', found: '2' }])
    expect(all.some(({ header }) => header.type === 'LedgerGapFound')).toBe(true)
  })
  test('a key that signs beside the first is on record once', async () => {
    const [journal, second] = [journalOf(w, signer), SigningKey.generate(signer.origin, 'ed25519').verifier.vkey]
    for (let n = 0; n < 2; n++) await journal.keys([signer.key.vkey, second])
    const said: unknown[] = []
    for await (const { type, data } of w.store.readStream(ledgerStream(signer.origin)))
      if (type === 'LedgerKeyAdded') said.push(data['vkey'])
    expect(said).toEqual([second])
  })
  test('each checkpoint is kept in the sink, once; another one of its size is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'caseledger-sink-'))
    try {
      const publishing = new Checkpoints(w.sql, w.ledger, signer.client, [signer.key], undefined, new DirectorySink(folder))
      await w.store.append(`tried-${randomUUID()}`, 'no_stream', [event()])
      await sequence(w, signer)
      const { size } = (await publishing.publish()) as { size: number }
      expect(await publishing.publish()).toEqual({ kind: 'nothing new' })
      const file = join(folder, `${String(size).padStart(16, '0')}.note`)
      expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([
        [basename(file)],
        (await w.ledger.signed((await w.ledger.standing())!.log))!.note,
      ])
      writeFileSync(file, 'another\n')
      await expect(publishing.publish()).rejects.toThrow(SinkDiffers)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
  ;(hasOpenSsl ? test : test.skip)(
    'a time-stamping authority is asked once an hour, where the ledger has grown; one that is away or answers nonsense holds up nothing',
    async () => {
      const tsa = new TimeStamping()
      let now = '2026-11-25T09:00:00.000Z'
      const stamps = (url: string) => new TimeStamps(w.sql, w.ledger, url, { now: () => now })
      const { log } = (await w.ledger.standing())!
      try {
        await expect(stamps('http://127.0.0.1:1/').stampDue()).rejects.toThrow('does not answer')
        const url = await tsa.listen()
        const stamped = await stamps(url).stampDue()
        const newest = (await w.ledger.signed(log))!
        const [{ size, note, token } = { size: 0, note: '', token: Buffer.alloc(0) }] = await w.ledger.stamps(log, newest.size)
        expect([stamped, size, note, checkTimeStamp(token, Buffer.from(note), certificatesIn(tsa.ca)).believed]).toEqual([
          newest.size,
          newest.size,
          newest.note,
          true,
        ])
        expect(await stamps(url).stampDue()).toBeUndefined()
        await w.store.append(`tried-${randomUUID()}`, 'no_stream', [event()])
        await sequence(w, signer)
        await publish(w, signer)
        now = new Date().toISOString()
        expect(await stamps(url).stampDue()).toBeUndefined()
        now = new Date(Date.now() + 3_700_000).toISOString()
        expect(await stamps(url).stampDue()).toBe(newest.size + 1)
        expect(tsa.asked).toBe(2)
      } finally {
        tsa.end()
      }
    },
  )
  test('a witness’s signature is shown with each checkpoint; one that is away holds up only what is not to go out unseen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'caseledger-witness-'))
    Witness.initialise(folder, 'witness.example/w')
    writeFileSync(join(folder, 'logs'), `${signer.key.vkey}\n`)
    const witness = Witness.open(folder, () => 1_790_000_000)
    const serving = await serveWitness(witness, 0, '127.0.0.1')
    const { port } = serving.address() as AddressInfo
    const policy = TrustPolicy.parse(`log ${signer.key.vkey}\nwitness W ${witness.vkey} http://127.0.0.1:${port}/\nquorum W\n`)
    const told: string[] = []
    const publishing = (
      witnesses = new Witnesses(policy, (name, why) => {
        told.push(`${name}: ${why}`)
      }),
    ) => new Checkpoints(w.sql, w.ledger, signer.client, [signer.key], witnesses)
    const [closed, grow] = [
      new LedgerReader(w.sql, note => policy.open(note).quorum),
      async () => {
        await w.store.append(`tried-${randomUUID()}`, 'no_stream', [event()])
        await sequence(w, signer)
      },
    ]
    try {
      await grow()
      const { log } = (await w.ledger.standing())!
      const steady = publishing()
      const first = await steady.publish()
      expect(policy.open((await w.ledger.checkpoint(log))!.note)).toMatchObject({
        quorum: true,
        witnessed: [{ name: 'W', time: 1_790_000_000 }],
      })
      await grow()
      await steady.publish()
      // A worker that was started anew does not know what the witness saw.
      await grow()
      await publishing().publish()
      const seen = (await closed.checkpoint(log))!
      expect([policy.open(seen.note).quorum, told]).toEqual([true, []])
      await new Promise(resolve => {
        serving.close(resolve)
        serving.closeAllConnections()
      })
      await grow()
      expect(await publishing().publish()).toMatchObject({ kind: 'signed' })
      expect(told).toEqual(['W: it does not answer'])
      expect([(await w.ledger.checkpoint(log))!.size, (await closed.checkpoint(log))!.size]).toEqual([seen.size + 1, seen.size])
      const again = await serveWitness(
        Witness.open(folder, () => 1_790_000_001),
        port,
        '127.0.0.1',
      )
      expect(await publishing().publish()).toEqual({ kind: 'nothing new' })
      expect((await closed.checkpoint(log))!.size).toBe(seen.size + 1)
      await new Promise(resolve => {
        again.close(resolve)
        again.closeAllConnections()
      })
      expect(first.kind).toBe('signed')
    } finally {
      serving.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
  test('the application cannot change what is in the ledger', async () => {
    const sql = client(w.database.urls.app, 1)
    try {
      for (const statement of [
        'update ledger.leaf set entry = entry',
        'delete from ledger.tile',
        'truncate ledger.checkpoint',
        'update ledger.checkpoint set note = note',
      ])
        await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' })
    } finally {
      await sql.end()
    }
  })
  test('a ledger that was frozen goes on no more; the next one has every leaf, and says where that one ended', async () => {
    const [before, next] = [(await w.ledger.signed((await w.ledger.standing())!.log))!, await testSigner('ledger.example/2')]
    try {
      await freezeLedger(w.sql)
      expect([await w.ledger.standing(), (await w.ledger.before())?.note]).toEqual([undefined, before.note])
      await expect(beginLedger(w.sql, signer.origin)).rejects.toThrow(LedgerFrozen)
      const ended = parseCheckpointText(parseNote(before.note).text)
      for (let n = 0; n < 2; n++) await journalOf(w, next).epoch(ended)
      await sequence(w, next)
      await publish(w, next)
      const all = await leaves()
      expect(all.map(({ eventId }) => eventId)).toEqual((await whole(w.store.whole)).map(({ id }) => id))
      expect(all.filter(({ header }) => header.type === 'LedgerEpochBegun')).toHaveLength(1)
      expect(all.every(({ header }) => header.log === 'ledger.example/2')).toBe(true)
      expect((await checked(w, next, true)).verdict).toBe('VERIFIED')
    } finally {
      await next.stop()
    }
  })
})
