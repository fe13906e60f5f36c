import { createHash, randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import postgres from 'postgres'
import type { Backend } from '#backend/backend'
import type { LoggedEvent, WholeLog } from '#event-store/event-store'
import { inDatabase } from '#hosting/provision'
import { exportBundle } from '#ledger/bundle/export-bundle'
import { LedgerReader } from '#ledger/postgres/ledger-reader'
import { Sequencer } from '#ledger/postgres/sequencer'
import { checkpointText } from '#merkle/checkpoint'
import { noteOf, signatureLine } from '#merkle/note'
import type { SigningKey } from '#merkle/note-key'
import { secondsOf } from './rig.js'

export const origin = 'bench.example/1'
const noGap = () => Promise.reject(new Error('there is no gap'))

/** Signs the ledger as it stands, as a signer would. */
export async function signed({ ledger, sql }: Pick<Backend, 'ledger' | 'sql'>, key: SigningKey): Promise<{ readonly log: number }> {
  const standing = await ledger.standing()
  if (!standing) throw new Error('there is no ledger')
  const { log, size } = standing
  const text = checkpointText({ origin, size, root: await ledger.rootAt(log, size) })
  await sql`insert into ledger.checkpoint (log, size, note) values (${log}, ${size}, ${noteOf(text, [signatureLine(key, text, 0)])})`
  return { log }
}

/** Writes a bundle of everything, as the project writes them. */
export async function bundled(backend: Backend, log: WholeLog, folder: string): Promise<void> {
  const request = {
    scope: { kind: 'ALL' } as const,
    headers: 'FULL' as const,
    reference: 'BENCH',
    verifier: '',
    record: () => Promise.resolve(),
  }
  const parts = { ...backend, store: { whole: log } as unknown as Backend['store'] }
  for await (const _ of exportBundle(parts, request, folder, new AbortController().signal));
}

export type Verifying = { readonly seconds: number; readonly megabytes: number }
/** Runs a verifier (verify.mjs or verify.py) over a bundle in a process of its own: how long it took, and the most memory that it held. */
export async function verifying(verifier: string, bundle: string, policy: string): Promise<Verifying> {
  const [command, ...args] = verifier.endsWith('.py') ? inPython(verifier) : inNode(verifier)
  let megabytes = 0
  const seconds = await secondsOf(() => {
    const { status, stderr } = spawnSync(command as string, [...args, bundle, '--policy', policy], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`the bundle was not verified: ${String(status)} ${stderr.slice(0, 500)}`)
    megabytes = Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1_024
    return Promise.resolve()
  })
  return { seconds, megabytes }
}
const inNode = (verifier: string) => [
  process.execPath,
  '--input-type=module',
  '-e',
  `process.on('exit', () => { console.error('peak', process.resourceUsage().maxRSS) }); process.argv.splice(1, 0, 'verify.mjs'); `
    + `await import(${JSON.stringify(new URL(verifier, 'file:').href)})`,
]
/** By what the kernel says of the process itself: what `getrusage` says after an `exec` is the larger of it and of whoever started it. */
const inPython = (verifier: string) => [
  'python3',
  '-c',
  'import atexit, runpy, sys; '
    + 'held = lambda: [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0]; '
    + 'atexit.register(lambda: print("peak", held(), file=sys.stderr)); '
    + `runpy.run_path(${JSON.stringify(verifier)}, run_name="__main__")`,
]

/** After a load PostgreSQL cleans up for minutes, on the same two cores: what a ledger that grew slowly has behind it. */
export const settled = (server: string) =>
  asAdmin(server, async admin => {
    await admin`vacuum analyze`
    await admin`checkpoint`
  })

export async function sequenced({ sql }: Pick<Backend, 'sql'>, log: WholeLog, head: bigint): Promise<number> {
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
export const emptied = (server: string) =>
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
export function syntheticLog(size: number): WholeLog {
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
