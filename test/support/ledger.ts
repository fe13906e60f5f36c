import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Backend } from '#backend/backend'
import { type ExportRequest, exportBundle } from '#ledger/bundle/export-bundle'
import { LedgerJournal } from '#ledger/journal'
import { Checkpoints } from '#ledger/postgres/checkpoints'
import { fsck } from '#ledger/postgres/fsck'
import { Sequencer } from '#ledger/postgres/sequencer'
import { SignerClient } from '#ledger/signer-client'
import { TrustPolicy } from '#merkle/trust-policy'
import { machineFacts } from '#commands/machine-facts'
import type { Finding, Report } from '#verifier/verdict'
import { certificatesIn } from '#verifier/certificate'
import { verifyAt } from '#verifier/verify-bundle'
import { Signer } from '../../apps/signer/signer.js'
import { serveSigner } from '../../apps/signer/signer-server.js'

/** A signer with a key of its own, listening. */
export async function testSigner(origin = 'ledger.example/1') {
  const folder = join(mkdtempSync(join(tmpdir(), 'caseledger-signer-')), 'signer')
  Signer.initialise(folder, origin)
  const alarms: string[] = []
  const signer = Signer.open(folder, what => {
    alarms.push(what)
  })
  const socket = join(folder, 'signer.sock')
  const server = await serveSigner(signer, socket)
  const [key] = signer.verifiers
  return {
    folder,
    socket,
    alarms,
    origin,
    key: key!,
    client: new SignerClient(socket),
    signer,
    policyText: `log ${key!.vkey}\nquorum none\n`,
    policy: TrustPolicy.parse(`log ${key!.vkey}\nquorum none\n`),
    stop: async () => {
      await new Promise(resolve => {
        server.close(resolve)
        server.closeAllConnections()
      })
      rmSync(join(folder, '..'), { recursive: true, force: true })
    },
  }
}
export type TestSigner = Awaited<ReturnType<typeof testSigner>>

export const journalOf = ({ store, folds, codec, clock }: Backend, { origin }: Pick<TestSigner, 'origin'>) =>
  new LedgerJournal(store, folds, codec, clock, origin, { ...machineFacts(), purpose: 'LEGAL_OBLIGATION' })

/** The same backend over a log from which an event was taken. */
export function without<B extends Backend>(backend: B, eventId: string): B {
  const { whole } = backend.store
  const holey = {
    at: whole.at.bind(whole),
    head: whole.head.bind(whole),
    async *follow(options: Parameters<typeof whole.follow>[0]) {
      for await (const item of whole.follow(options)) if ('caughtUp' in item || item.id !== eventId) yield item
    },
  }
  return {
    ...backend,
    store: new Proxy(backend.store, {
      get: (store, name) =>
        name === 'whole' ? holey : typeof store[name as 'at'] === 'function' ? store[name as 'at'].bind(store) : store[name as 'at'],
    }),
  }
}

/** Runs a sequencer until the ledger has everything that is in the log now. */
export async function sequence(backend: Backend, signer: Pick<TestSigner, 'origin'>, remembers?: number): Promise<number> {
  const stop = new AbortController()
  const head = (await backend.store.whole.head()) ?? 0n
  const running = new Sequencer(
    backend.sql,
    backend.store.whole,
    signer.origin,
    { gap: gap => journalOf(backend, signer).gap(gap) },
    remembers,
  ).run(stop.signal)
  const failed = running.then(() => {
    throw new Error('the sequencer ended')
  })
  const arrived = async () => {
    for (;;) {
      const standing = await backend.ledger.standing()
      if (standing && standing.position >= head) return standing.size
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  try {
    return await Promise.race([arrived(), failed])
  } finally {
    stop.abort()
    await running.catch(() => undefined)
  }
}
export const publish = (backend: Backend, { client, key }: TestSigner) =>
  new Checkpoints(backend.sql, backend.ledger, client, [key]).publish()

/** Everything that fsck finds. */
export async function checked(parts: Parameters<typeof fsck>[0], { key }: Pick<TestSigner, 'key'>, deep: boolean) {
  const checking = fsck(parts, [key], { deep, signal: new AbortController().signal })
  let step = await checking.next()
  while (!step.done) step = await checking.next()
  return step.value
}

/** A bundle in a folder of its own. */
export async function bundleOf(
  backend: Backend,
  signer: TestSigner,
  scope: ExportRequest['scope'],
  headers: ExportRequest['headers'] = 'FULL',
  folder = join(mkdtempSync(join(tmpdir(), 'caseledger-bundle-')), 'bundle'),
) {
  const request: ExportRequest = {
    scope,
    headers,
    reference: 'SPEC-1',
    verifier: '// a copy\n',
    record: (made, manifestDigest) => journalOf(backend, signer).exported(made, manifestDigest, headers === 'FULL' ? 'DPO-1' : undefined),
  }
  for await (const _step of exportBundle(backend, request, folder, new AbortController().signal));
  return folder
}
/** What both verifiers say of a bundle. They were written apart, and must agree: about the verdict, and about every finding. */
export async function verified(
  folder: string,
  policy: string,
  old: readonly string[] = [],
  tsa?: string,
  exported?: string,
): Promise<Report> {
  const { report } = await verifyAt(folder, {
    policy: TrustPolicy.parse(policy),
    exported,
    old: old.map((note, n) => ({ name: `old ${n}`, note })),
    authorities: tsa === undefined ? [] : certificatesIn(tsa),
  })
  if (!hasPython) return report
  const beside = mkdtempSync(join(tmpdir(), 'caseledger-policy-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(beside, name), text)
    return join(beside, name)
  }
  const { stdout, stderr } = spawnSync(
    'python3',
    [
      'tools/verify.py',
      folder,
      '--policy',
      file('policy', policy),
      '--json',
      ...(tsa === undefined ? [] : ['--tsa', file('tsa.pem', tsa)]),
      ...(exported === undefined ? [] : ['--exported', exported]),
      ...old.flatMap((note, n) => ['--old', file(`old-${n}`, note)]),
    ],
    { encoding: 'utf8' },
  )
  rmSync(beside, { recursive: true })
  if (stdout === '') throw new Error(`the second verifier said nothing: ${stderr}`)
  const second = JSON.parse(stdout) as Pick<Report, 'verdict' | 'findings' | 'notChecked'>
  const told = (findings: readonly Finding[]) =>
    findings
      .slice(0, 100)
      .map(({ check, result, index = -1 }) => `${check} ${result} ${index}`)
      .sort()
  assert.deepEqual([second.verdict, told(second.findings), second.notChecked], [report.verdict, told(report.findings), report.notChecked])
  return report
}
/** The second verifier needs Python and openssl: without them only the first is tried, and the tests say so. */
export const hasPython = spawnSync('python3', ['--version']).status === 0 && spawnSync('openssl', ['version']).status === 0

/** A copy of a bundle, changed as somebody would who also puts the manifest right. */
export function changed(bundle: string, change: (folder: string) => void, { manifest = true } = {}): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'caseledger-bundle-')), 'changed')
  cpSync(bundle, folder, { recursive: true })
  change(folder)
  if (manifest) {
    const files = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(folder, join(entry.parentPath, entry.name)))
      .sort()
    writeFileSync(
      join(folder, 'manifest-sha256.txt'),
      files
        .map(
          file =>
            `${createHash('sha256')
              .update(readFileSync(join(folder, file)))
              .digest('hex')}  ${file}\n`,
        )
        .join(''),
    )
  }
  return folder
}
