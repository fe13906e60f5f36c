import { spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { exportBundle } from '#ledger/bundle/export-bundle'
import type { LoggedEvent, WholeLog } from '#event-store/event-store'
import type { Backend } from '#backend/backend'
import { inDatabase } from '#hosting/provision'
import { LedgerReader } from '#ledger/postgres/ledger-reader'
import { Sequencer } from '#ledger/postgres/sequencer'
import { checkpointText } from '#merkle/checkpoint'
import { noteOf, signatureLine } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { serve } from './http.js'
import { type Measurement, interleaved, limited, measured } from './rate.js'
import { millisecondsOf, onItsOwn, secondsOf } from './rig.js'
import { fill } from './synthetic-log.js'

const origin = 'bench.example/1'
const rounds = 3
const events = 50_000
const million = 1_000_000
/** A service of some hundred workers has a few in a busy second. */
const commandsBeside = 50
const noGap = () => Promise.reject(new Error('there is no gap'))

/**
 * The sequencer from an empty ledger to the head, against reading and decoding the same events; then once more in one process with an API
 * that is at work.
 */
export const ledger = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* (rig) {
    const { backend, server } = rig
    const { store, codec } = backend
    await fill(store, events)
    const head = (await store.head()) ?? 0n
    const decoding = async () => {
      let n = 0
      for await (const event of store.readAll()) {
        codec.decode(event)
        n++
      }
      return n
    }
    const perSecond = async (work: () => Promise<number>) => {
      let n = 0
      const seconds = await secondsOf(async () => {
        n = await work()
      })
      return n / seconds
    }
    await decoding()
    const pairs = await interleaved(
      rounds,
      () => perSecond(decoding),
      async () => {
        await emptied(server)
        return perSecond(() => sequenced(backend, store.whole, head))
      },
    )
    yield measured('ledger', 'sequencing', pairs)
    const api = await serve(rig)
    try {
      const commands = (seconds: number) => api.to('disclosures', { connections: 5, seconds, perSecond: commandsBeside })
      await commands(2)
      const all = (await store.head()) ?? 0n
      await emptied(server)
      const [rate, answered] = await Promise.all([perSecond(() => sequenced(backend, store.whole, all)), commands(10)])
      yield limited('ledger', 'sequencing beside an API', rate, 5_000, 'events/s')
      yield limited('ledger', 'commands of the API beside it', answered, commandsBeside, 'requests/s')
    } finally {
      await api.stop()
    }
  })

/**
 * A ledger of a million leaves: how long a proof takes, a bundle, and its verification by verify.mjs in a process of its own. The
 * baseline is the limit that each has.
 */
export const ledgerMillion = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* ({ backend, server }) {
    const log = syntheticLog(million)
    const key = SigningKey.generate(origin, 'ed25519')
    const folder = mkdtempSync(join(tmpdir(), 'caseledger-million-'))
    try {
      const sequencing = await secondsOf(() => sequenced(backend, log, BigInt(million)))
      yield limited('ledger', 'sequencing a million', million / sequencing, 5_000, 'events/s')
      const { ledger: reader, sql } = backend
      const standing = await reader.standing()
      if (!standing) throw new Error('there is no ledger')
      const text = checkpointText({ origin, size: million, root: await reader.rootAt(standing.log, million) })
      await sql`
        insert into ledger.checkpoint (log, size, note)
        values (${standing.log}, ${million}, ${noteOf(text, [signatureLine(key, text, 0)])})`
      await settled(server)
      const proofs: number[] = []
      let longest = 0
      // The first ones open connections, which a service has open.
      for (let n = -20; n < 300; n++) {
        const [leaf] = await reader.leaves(standing.log, Math.floor(Math.random() * million), 1)
        const took = await millisecondsOf(async () => {
          const covered = await reader.proofOf(standing.log, leaf?.eventId ?? '', 'entry')
          longest = Math.max(longest, covered.kind === 'proved' ? covered.proof.length : 0)
        })
        if (n >= 0) proofs.push(took)
      }
      proofs.sort((a, b) => a - b)
      yield limited('ledger', 'proof at a million, median', proofs[150] ?? 0, 10, 'ms')
      yield limited('ledger', 'proof at a million, 99th percentile', proofs[296] ?? 0, 10, 'ms')
      yield limited('ledger', 'proof file', longest, 2_048, 'bytes')
      const bundle = join(folder, 'bundle')
      const request = {
        scope: { kind: 'ALL' } as const,
        headers: 'FULL' as const,
        reference: 'BENCH',
        verifier: '',
        record: () => Promise.resolve(),
      }
      const parts = { ...backend, store: { whole: log } as unknown as Backend['store'] }
      yield limited(
        'ledger',
        'bundle of a million',
        await secondsOf(async () => {
          for await (const _ of exportBundle(parts, request, bundle, new AbortController().signal));
        }),
        600,
        's',
      )
      writeFileSync(join(folder, 'policy'), `log ${key.verifier.vkey}\nquorum none\n`)
      const { seconds, megabytes } = await verifying(bundle, join(folder, 'policy'))
      yield limited('ledger', 'verifying a million', seconds, 60, 's')
      yield limited('ledger', 'verifying a million, memory', megabytes, 300, 'MB')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

async function verifying(bundle: string, policy: string) {
  const program =
    `process.on('exit', () => { console.error('peak', process.resourceUsage().maxRSS) }); process.argv.splice(1, 0, 'verify.mjs'); `
    + `await import(${JSON.stringify(new URL('../verify.mjs', import.meta.url).href)})`
  let megabytes = 0
  const seconds = await secondsOf(() => {
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, bundle, '--policy', policy], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`the bundle was not verified: ${String(status)} ${stderr.slice(0, 500)}`)
    megabytes = Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1_024
    return Promise.resolve()
  })
  return { seconds, megabytes }
}

/** After a load PostgreSQL cleans up for minutes, on the same two cores: what a ledger that grew slowly has behind it. */
const settled = (server: string) =>
  asAdmin(server, async admin => {
    await admin`vacuum analyze`
    await admin`checkpoint`
  })

async function sequenced({ sql }: Pick<Backend, 'sql'>, log: WholeLog, head: bigint): Promise<number> {
  const stop = new AbortController()
  const reader = new LedgerReader(sql)
  const running = new Sequencer(sql, log, origin, {
    gap: noGap,
    sequenced: () => {
      void reader.standing().then(standing => {
        if ((standing?.position ?? 0n) >= head) stop.abort()
      })
    },
  }).run(stop.signal)
  await running
  return (await reader.standing())?.size ?? 0
}

/** As only a bench may: the ledger is only added to. */
const emptied = (server: string) =>
  asAdmin(server, admin =>
    admin.begin(async tx => {
      await tx`set local session_replication_role = replica`
      await tx`truncate ledger.leaf, ledger.tile, ledger.edge, ledger.checkpoint, ledger.log cascade`
    }),
  )

async function asAdmin(server: string, work: (admin: postgres.Sql) => Promise<unknown>): Promise<void> {
  const admin = postgres(inDatabase(server, 'bench'), { max: 1, onnotice: () => undefined })
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

/** So many events of people, about as large as ours, that no store holds: the same ones each time it is read. */
function syntheticLog(size: number): WholeLog {
  const sealed = { v: 1, kid: randomUUID(), iv: 'A'.repeat(16), ct: 'B'.repeat(220), at: 'C'.repeat(80) }
  const metadata = {
    json: {
      v: 1,
      schemaVersion: 1,
      actor: { id: randomUUID(), role: 'ips-worker' },
      command: 'RecordDetails',
      purpose: 'SERVICE_PROVISION',
      lawfulBasis: { art6: 'f' },
      noticeVersion: 'DEMO-1',
      policies: {},
      regime: 'UK-GDPR',
      correlationId: randomUUID(),
      commandId: randomUUID(),
      occurredAt: '2026-11-01T09:00:00.000Z',
    },
  }
  const idOf = (n: number) => {
    const hex = createHash('md5').update(String(n)).digest('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
  }
  const event = (n: number): LoggedEvent => ({
    id: idOf(n),
    type: 'PersonalDetailsRecorded',
    stream: `person-${idOf(-1 - Math.floor(n / 10))}`,
    revision: BigInt(n % 10),
    position: BigInt(n + 1),
    recordedAt: '2026-11-01T09:00:00.000Z',
    data: { json: { subjectRef: idOf(-1 - Math.floor(n / 10)), n, items: { name: sealed } } },
    metadata,
  })
  return {
    async *follow({ after = 0n, signal }) {
      for (let n = Number(after); n < size && !signal.aborted; n++) yield event(n)
      yield { caughtUp: true }
      if (!signal.aborted)
        await new Promise(resolve => {
          signal.addEventListener('abort', resolve, { once: true })
        })
    },
    at: position => Promise.resolve(position > 0n && position <= BigInt(size) ? { id: idOf(Number(position) - 1) } : undefined),
    head: () => Promise.resolve(BigInt(size)),
    outOfPlace: () => Promise.resolve([]),
    damageTo: () => Promise.resolve(undefined),
  }
}
