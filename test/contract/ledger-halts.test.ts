import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Backend, openBackend } from '#backend/backend'
import { healthOf } from '#backend/health-of'
import { SignedHistory } from '#backend/signed-history'
import { inDatabase } from '#hosting/provision'
import { isInPlace } from '#event-store/postgres/migrations/0004-between-first-and-last'
import type { EventStoreChoice } from '#hosting/settings'
import { rememberers } from '#hosting/signer-place'
import { CheckpointRefused } from '#ledger/postgres/checkpoints'
import { Halts, haltsOf } from '#ledger/postgres/halts'
import { beginLedger, freezeLedger } from '#ledger/postgres/ledger-rows'
import { NoNextLeaf } from '#ledger/postgres/next-leaf'
import { Sequencer, TimeWentBack } from '#ledger/postgres/sequencer'
import { fsck } from '#ledger/postgres/fsck'
import { remembered } from '#ledger/remembered'
import { haltEars } from '../../apps/worker/halt-ears.js'
import { keepLedger } from '../../apps/worker/ledger.js'
import { Witness } from '../../apps/witness/witness.js'
import { serveWitness } from '../../apps/witness/witness-server.js'
import { asAdmin, testServer } from '../support/database.js'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { type TestSigner, checked, publish, sequence, testSigner } from '../support/ledger.js'
import { asInsider } from '../support/planted.js'
import { event, storesWith } from '../support/tampering.js'
import { world } from '../support/world.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
if ('none' in server)
  describe('a ledger that does not go on [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

/** Asks again until it is so: the worker says it within seconds. */
async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (isSo(answer)) return answer
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
const silent = pino({ level: 'silent' })
const placeOf = (signer: TestSigner, more: Record<string, string> = {}) =>
  rememberers({ CASELEDGER_SIGNER_DIR: signer.folder, CASELEDGER_SIGNER_SOCKET: signer.socket, ...more })
const historyOf = ({ sql, ledger }: Pick<Backend, 'sql' | 'ledger'>, signer: TestSigner, more?: Record<string, string>) =>
  new SignedHistory(
    sql,
    ledger,
    () => placeOf(signer, more),
    () => 0,
  ).part()

describe.each(storesWith(server))('a ledger that does not go on [$kind]', store => {
  let choice: EventStoreChoice
  let w: Awaited<ReturnType<typeof world>>
  let signer: TestSigner
  beforeEach(async () => {
    choice = store.kind === 'eventstoredb' ? { ...store, namespace: newNamespace() } : store
    ;[w, signer] = [await world(choice), await testSigner()]
  })
  afterEach(async () => {
    await w.end()
    await signer.stop()
  })
  const grow = async (backend: Pick<Backend, 'store'> = w, count = 3) => {
    const stream = `tried-${randomUUID()}`
    await backend.store.append(stream, 'no_stream', Array.from({ length: count }, event))
    return (await backend.store.lastOf(stream))!
  }

  test('the database put back as a whole is not ready until the ledger is where it was signed, or has ended', async () => {
    await grow()
    await sequence(w, signer)
    await publish(w, signer)
    const [template, old] = [w.database.name, `old_${w.database.name}`]
    await asAdmin(testServer(), async sql => {
      await sql.unsafe(`alter database ${template} with allow_connections false`)
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${template}`
      await sql.unsafe(`create database ${old} template ${template}`)
      await sql.unsafe(`alter database ${template} with allow_connections true`)
    })
    await until(
      () => grow().catch(() => 'away'),
      answer => answer !== 'away',
    )
    await sequence(w, signer)
    await publish(w, signer)
    expect(await historyOf(w, signer)).toEqual({ part: 'signed history', ready: true })

    const urls = { app: inDatabase(w.database.urls.app, old), vault: inDatabase(w.database.urls.vault, old) }
    const back = await openBackend(urls, w.dir, choice, 'unchecked')
    try {
      expect(await historyOf(back, signer)).toEqual({
        part: 'signed history',
        ready: false,
        why: expect.stringMatching(/^the signer remembers \d+ leaves, and the ledger holds \d+: .*docs\/operations\.md/) as unknown,
      })
      expect(await publish(back, signer)).toMatchObject({ kind: 'waiting' })
      const outside = await remembered(placeOf(signer), signer.origin, 'all')
      const checking = fsck(back, [signer.key], { deep: true, signal: new AbortController().signal, remembered: outside })
      let step = await checking.next()
      while (!step.done) step = await checking.next()
      expect(step.value.findings.map(({ what }) => what)).toEqual([expect.stringMatching(/^The signer remembers \d+ leaves: /)])
      await grow(back, 20)
      await sequence(back, signer)
      if (choice.kind === 'eventstoredb') {
        // The log was not put back: the same leaves come again.
        expect(await publish(back, signer)).toMatchObject({ kind: 'signed' })
        expect(await historyOf(back, signer)).toEqual({ part: 'signed history', ready: true })
        return
      }
      await expect(publish(back, signer)).rejects.toThrow(CheckpointRefused)
      expect(await historyOf(back, signer)).toMatchObject({ ready: false, why: expect.stringContaining('another ledger') as unknown })
      await freezeLedger(back.sql)
      expect(await historyOf(back, signer)).toMatchObject({ ready: false, why: expect.stringContaining('it was ended') as unknown })
      const next = await testSigner('ledger.example/2')
      try {
        await sequence(back, next)
        await publish(back, next)
        expect(await historyOf(back, signer)).toMatchObject({
          ready: false,
          why: expect.stringContaining('the signer signs for') as unknown,
        })
        expect(await historyOf(back, next)).toEqual({ part: 'signed history', ready: true })
      } finally {
        await next.stop()
      }
    } finally {
      await back.close()
    }
  }, 60_000)

  test('a witness that saw more, and a ledger that is said to have ended, are not ready', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'caseledger-halts-'))
    Witness.initialise(join(folder, 'w'), 'witness.example/w')
    writeFileSync(join(folder, 'w/logs'), `${signer.key.vkey}\n`)
    const witness = Witness.open(join(folder, 'w'), () => 1_790_000_000)
    const serving = await serveWitness(witness, 0, '127.0.0.1')
    const url = `http://127.0.0.1:${(serving.address() as AddressInfo).port}`
    writeFileSync(join(folder, 'policy'), `log ${signer.key.vkey}\nwitness W ${witness.vkey} ${url}\nquorum W\n`)
    // Of the signer nothing is known here, as in an API on another machine.
    const policy = {
      CASELEDGER_LEDGER_POLICY: join(folder, 'policy'),
      CASELEDGER_SIGNER_DIR: join(folder, 'no'),
      CASELEDGER_SIGNER_SOCKET: join(folder, 'no.sock'),
    }
    try {
      await grow()
      await sequence(w, signer)
      await publish(w, signer)
      const { note } = (await w.ledger.signed((await w.ledger.standing())!.log))!
      expect(witness.addCheckpoint(`old 0\n\n${note}`).status).toBe(200)
      expect(await historyOf(w, signer, policy)).toEqual({ part: 'signed history', ready: true })
      await asInsider(w.database.admin, tx => tx`update ledger.log set size = size - 1`)
      expect(await historyOf(w, signer, policy)).toMatchObject({
        ready: false,
        why: expect.stringMatching(/^the witness W remembers/) as unknown,
      })
      await asInsider(w.database.admin, tx => tx`update ledger.log set size = size + 1, is_live = false`)
      expect(await historyOf(w, signer, policy)).toMatchObject({
        ready: false,
        why: expect.stringContaining('no ledger in the database goes on') as unknown,
      })
      expect((await checked(w, signer, false)).findings).toContainEqual(
        expect.objectContaining({ check: 'completeness', what: expect.stringContaining('No ledger goes on') as unknown }),
      )
    } finally {
      serving.close()
      serving.closeAllConnections()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('the worker stops over what was changed, says so to everybody, and goes on when it is mended', async () => {
    await grow()
    const before = { ...process.env }
    Object.assign(process.env, {
      CASELEDGER_SIGNER_DIR: signer.folder,
      CASELEDGER_SIGNER_SOCKET: signer.socket,
      CASELEDGER_CHECKPOINT_SECONDS: '1',
      CASELEDGER_EVENT_STORE: choice.kind,
      ...(choice.kind === 'eventstoredb' ? { EVENTSTOREDB_URL: choice.url } : {}),
    })
    const [halts, stop] = [new Halts(w.sql, haltEars(silent, w.metrics)), new AbortController()]
    const working = (async () => {
      while (!stop.signal.aborted) await keepLedger(w, halts, silent, stop.signal).catch(() => undefined)
    })()
    const signed = async () => {
      const standing = await w.ledger.standing()
      return standing && (await w.ledger.signed(standing.log))?.size === standing.size ? standing : undefined
    }
    try {
      const { log, size } = (await until(signed, answer => answer !== undefined))!
      await asInsider(
        w.database.admin,
        tx => tx`update ledger.edge set hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) where level = 0`,
      )
      const stands = await until(
        () => haltsOf(w.sql),
        found => found.length > 0,
      )
      expect(stands[0]!.why).toContain('The audit ledger was changed in its database')
      expect(await w.metrics.text()).toMatch(/caseledger_ledger_halted\{where="signing"\} 1/)
      expect(await historyOf(w, signer)).toMatchObject({ ready: false, why: expect.stringContaining('another ledger') as unknown })
      const parts = await healthOf(w, { vault: w.keys }).parts()
      expect(parts.filter(({ part }) => ['signed history', 'audit ledger'].includes(part)).map(({ part, ready }) => [part, ready])).toEqual(
        [
          ['audit ledger', false],
          ['signed history', false],
        ],
      )
      // Also where the signer is out of reach, as in an API on another machine.
      const nowhere = { CASELEDGER_SIGNER_DIR: join(signer.folder, 'no'), CASELEDGER_SIGNER_SOCKET: join(signer.folder, 'no.sock') }
      expect(await historyOf(w, signer, nowhere)).toMatchObject({
        ready: false,
        why: expect.stringMatching(/^The audit ledger was changed.*\(since /) as unknown,
      })
      // Whoever takes the word away is told again.
      await w.sql`delete from ledger.halt`
      await until(
        () => haltsOf(w.sql),
        found => found.length > 0,
      )
      const remembers = signer.signer.last
      await grow(w, 2)
      await until(
        () => haltsOf(w.sql),
        found => found.length > 0,
      )
      expect(signer.signer.last).toBe(remembers)
      const hashes = Buffer.concat((await w.ledger.leaves(log, 0, size)).map(leaf => leaf.hash))
      await asInsider(
        w.database.admin,
        async tx => tx`update ledger.edge set hashes = ${hashes} || substring(hashes from ${hashes.length + 1}) where level = 0`,
      )
      await until(
        () => haltsOf(w.sql),
        found => found.length === 0,
      )
      await until(
        async () => (await signed())?.size ?? 0,
        now => now > size,
      )
      expect((await checked(w, signer, true)).findings).toEqual([])
      expect(await w.metrics.text()).toMatch(/caseledger_ledger_halted\{where="signing"\} 0/)
    } finally {
      stop.abort()
      await working
      for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name)
      Object.assign(process.env, before)
    }
  }, 60_000)

  if (store.kind === 'postgres')
    test('an event that an administrator put at the end of the log, with a time of their choosing, is not sequenced', async () => {
      await grow()
      const size = await sequence(w, signer)
      await asInsider(
        w.database.admin,
        tx => tx`
          insert into event_store.event (position, stream, revision, id, type, data, metadata, recorded_at)
          select position + 1, ${`tried-${randomUUID()}`}, 0, gen_random_uuid(), type, data, metadata, recorded_at - interval '20 days'
          from event_store.event order by position desc limit 1`,
      )
      await expect(sequence(w, signer)).rejects.toThrow(TimeWentBack)
      await publish(w, signer)
      expect([(await w.ledger.standing())!.size, (await checked(w, signer, true)).findings.map(({ check }) => check)]).toEqual([
        size,
        ['headers'],
      ])
      await asInsider(
        w.database.admin,
        tx => tx`delete from event_store.event where position = (select max(position) from event_store.event)`,
      )
      await grow()
      expect(await sequence(w, signer)).toBe(size + 3)
      expect((await checked(w, signer, true)).findings).toEqual([])
    })
  if (store.kind === 'postgres')
    test.each<[string, string]>([
      ['the id of an earlier leaf', 'id = (select id from event_store.event where position = 1)'],
      ['the id of one beside it', 'id = (select id from event_store.event where stream = e.stream and revision = 0)'],
      ['a revision below the first', 'revision = -1'],
      ['a revision that skips those that come after it', 'revision = 7'],
      ['a position that lets others of its stream come first', 'position = position + 1000'],
      ['a year of five digits', `recorded_at = '12000-01-01T00:00:00.000Z'`],
      ['data with a space', `data = replace(data, ':', ': ')`],
      ['metadata that are no JSON', `metadata = '{'`],
    ])('an event of the log that an administrator gave %s is no leaf', async (_, other) => {
      await sequence(w, signer)
      const { stream } = await grow()
      const before = (await beginLedger(w.sql, signer.origin)).size
      const admin = (change: string) =>
        asInsider(w.database.admin, async tx => {
          await tx.unsafe(change)
        })
      await admin(`create table public.kept as table event_store.event;
        alter table event_store.event drop constraint event_in_place, drop constraint event_stream_revision_key;
        update event_store.event e set ${other} where stream = '${stream}' and revision = 1`)
      await expect(sequence(w, signer)).rejects.toThrow(NoNextLeaf)
      expect((await beginLedger(w.sql, signer.origin)).size).toBe(before)
      await admin(`delete from event_store.event; insert into event_store.event table public.kept; drop table public.kept;
        alter table event_store.event add constraint event_stream_revision_key unique (stream, revision);
        alter table event_store.event add constraint event_in_place check (${isInPlace})`)
      expect(await sequence(w, signer)).toBe(before + 3)
      await publish(w, signer)
      expect((await checked(w, signer, true)).findings).toEqual([])
    })
  if (store.kind === 'postgres')
    test.each([
      ['data', `data = '{"n": 1}'`],
      ['metadata', `metadata = '{}}'`],
    ])('an event that waits to be a leaf is named by fsck --deep, when its %s are edited to what is not canonical', async (_, edit) => {
      await grow()
      await sequence(w, signer)
      await publish(w, signer)
      const { stream } = await grow()
      expect((await checked(w, signer, true)).findings).toEqual([])
      await asInsider(w.database.admin, tx => tx.unsafe(`update event_store.event set ${edit} where stream = '${stream}' and revision = 1`))
      expect((await checked(w, signer, true)).findings).toEqual([
        {
          check: 'payloads',
          result: 'failed',
          what: expect.stringContaining('can be none: what stands there is not canonical JSON') as unknown,
          stream,
          revision: '1',
          eventId: expect.any(String) as unknown,
        },
      ])
    })
  test('an event id that stands twice is a leaf where somebody has looked, in any batch; fsck names each', async () => {
    const twice = event()
    for (const at of ['one', 'another', 'later']) {
      if (at === 'later') await sequence(w, signer).catch(() => undefined)
      await w.store.append(`tried-${at}-${randomUUID()}`, 'no_stream', [twice])
    }
    await expect(sequence(w, signer)).rejects.toThrow('an earlier leaf is of an event with the same id')
    const stop = new AbortController()
    const ears = {
      gap: () => Promise.reject(new Error('there is no gap')),
      caughtUp: () => {
        stop.abort()
      },
    }
    await new Sequencer(w.sql, w.store.whole, signer.origin, { ...ears, repeated: id => (id === twice.id ? 'goes on' : 'stops') }).run(
      stop.signal,
    )
    const { findings } = await checked(w, signer, true)
    expect(findings.map(({ check, what }) => `${check}: ${what}`)).toEqual(
      Array.from({ length: 2 }, () => 'headers: An earlier leaf is of an event with the same id'),
    )
  })
  test('an event of twenty days ago among today’s is not sequenced, unless somebody has looked; fsck names it in any case', async () => {
    await grow()
    const size = await sequence(w, signer)
    const forged = await grow()
    const then = new Date(Date.parse(forged.recordedAt) - 20 * 86_400_000).toISOString()
    const whole = {
      ...w.store.whole,
      at: w.store.whole.at.bind(w.store.whole),
      head: w.store.whole.head.bind(w.store.whole),
      damageTo: w.store.whole.damageTo.bind(w.store.whole),
      async *follow(options: Parameters<typeof w.store.whole.follow>[0]) {
        for await (const item of w.store.whole.follow(options))
          yield 'caughtUp' in item || item.id !== forged.id ? item : { ...item, recordedAt: then }
      },
    }
    const run = async (steppedBack?: () => 'goes on' | 'stops') => {
      const stop = new AbortController()
      const gap = () => Promise.reject(new Error('there is no gap'))
      const caughtUp = () => {
        stop.abort()
      }
      await new Sequencer(w.sql, whole, signer.origin, { gap, caughtUp, ...(steppedBack ? { steppedBack } : {}) }).run(stop.signal)
    }
    await expect(run()).rejects.toThrow(TimeWentBack)
    expect((await beginLedger(w.sql, signer.origin)).size).toBe(size)
    const forgedStore = {
      store: new Proxy(w.store, { get: (store, name) => (name === 'whole' ? whole : (Reflect.get(store, name) as unknown)) }),
    }
    const found = async () => (await checked({ ...w, ...forgedStore }, signer, true)).findings
    expect(await found()).toEqual([
      expect.objectContaining({ check: 'headers', eventId: forged.id, what: expect.stringContaining(then) as unknown }),
    ])
    await run(() => 'goes on')
    expect(await found()).toEqual([
      expect.objectContaining({ check: 'headers', eventId: forged.id, what: expect.stringContaining(then) as unknown }),
    ])
    expect((await checked(w, signer, false)).findings).toEqual([expect.objectContaining({ check: 'headers', eventId: forged.id })])
  })
})
