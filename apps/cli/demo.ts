import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataDir } from '#hosting/data-dir'
import { freePort } from '#hosting/free-port'
import type { StaffRole } from '#kernel/actor'
import { withoutInstallation } from '#hosting/settings'
import { issueToken } from './token.js'

type Json = Readonly<Record<string, unknown>>
const say = (text = '') => process.stdout.write(`${text}\n`)
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()
/** Words that are easy to look for afterwards. */
const person = { name: 'Marigold Penhaligon', dateOfBirth: '1991-02-03', nhsNumber: '999 000 0018', phone: '07700 900471' }
const words = [person.name, 'Penhaligon', '9990000018', '07700 900471', 'night baker']

/** The story of the five events, over HTTP, against a Caseledger of its own in a temporary folder that is gone afterwards. */
export async function demo(): Promise<number> {
  // Here and in what it starts: whoever calls it may have a database and a log of their own.
  process.env = withoutInstallation(process.env)
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-demo-'))
  const caseledger = await startCaseledger(folder)
  try {
    await tell(caseledger)
  } finally {
    await caseledger.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return 0
}

type Caseledger = { readonly folder: string; readonly as: (role: StaffRole) => Promise<Client>; readonly stop: () => Promise<void> }
type Client = {
  readonly get: (path: string) => Promise<{ readonly status: number; readonly body: Json }>
  readonly post: (path: string, body: object) => Promise<{ readonly status: number; readonly body: Json }>
}

async function tell({ folder, as }: Caseledger) {
  const [office, worker, dpo, auditor] = (await Promise.all((['back-office', 'ips-worker', 'dpo', 'auditor'] as const).map(as))) as [
    Client,
    Client,
    Client,
    Client,
  ]
  const { subjectRef, consentless } = await referAndAsk(office, worker)
  say(`3. The Jobcentre asks how she is getting on. She has not agreed yet: "${String(consentless)}"`)
  await consentAndShare(worker, subjectRef)
  const due = await eraseOnRequest(worker, dpo, subjectRef)
  say(`6. She asks to be erased. The answer is due by ${due}. The Data Protection Officer approves.`)
  await showWhatIsLeft(worker, auditor, subjectRef, folder)
  await reportBreach(dpo, subjectRef)
  await showTheHistory(auditor, subjectRef)
}

async function referAndAsk(office: Client, worker: Client) {
  const { body } = await office.post('/referrals', {
    source: 'DWP-JCP',
    channel: 'EMAIL',
    serviceArea: 'GATESHEAD',
    receivedAt: hourAgo(),
    serviceWish: 'YES',
    person,
    reason: 'was a night baker',
  })
  const subjectRef = String(body['subjectRef'])
  say(`\n1. The Jobcentre refers ${person.name}. From now on she is ${subjectRef}; her words are sealed under keys of her own.`)
  await office.post(`/subjects/${subjectRef}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
  await worker.post(`/subjects/${subjectRef}/details`, {
    category: 'EMP',
    items: { status: 'UNEMPLOYED', skills: 'night baker' },
    provenance: 'PERSON',
  })
  say('2. The referrer said that she wants the service; that counts as a claim. She is asked herself, and says yes.')
  const refused = await worker.post(`/subjects/${subjectRef}/disclosures`, disclosure)
  return { subjectRef, consentless: refused.body['rule'] }
}

const disclosure = {
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  necessity: 'So that her work coach can plan the next step.',
  method: 'SECURE_EMAIL',
  confidentialityBasis: 'CONSENT',
}

async function consentAndShare(worker: Client, subjectRef: string) {
  await worker.post(`/subjects/${subjectRef}/consent-forms`, {
    formVersion: 'SCF-1',
    completedAt: hourAgo(),
    method: 'WET_SIGNATURE',
    rows: [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }],
  })
  say('4. She signs the Sharing Consent Form: employment data, to the Jobcentre, for employment support.')
  const { body } = await worker.post(`/subjects/${subjectRef}/disclosures`, disclosure)
  say(`5. Now it is shared (${String(body['state'])}), and the ledger says what, with whom, why and on which consent.`)
}

async function eraseOnRequest(worker: Client, dpo: Client, subjectRef: string): Promise<string> {
  const asked = await worker.post(`/subjects/${subjectRef}/erasure-requests`, {
    channel: 'PHONE',
    receivedAt: hourAgo(),
    grounds: 'CONSENT_WITHDRAWN',
    words: 'I do not want to be on file any more.',
  })
  await dpo.post(`/subjects/${subjectRef}/erasure-requests/${String(asked.body['requestId'])}/decision`, {
    decision: 'APPROVED',
    consequenceExplainedAt: hourAgo(),
  })
  return String(asked.body['due'])
}

async function showWhatIsLeft(worker: Client, auditor: Client, subjectRef: string, folder: string) {
  let certificate = await auditor.get(`/subjects/${subjectRef}/erasure-certificate`)
  for (let left = 600; certificate.status === 404; left--) {
    if (left === 0) throw new Error('The erasure was not completed within half a minute.')
    await new Promise(resolve => setTimeout(resolve, 50))
    certificate = await auditor.get(`/subjects/${subjectRef}/erasure-certificate`)
  }
  const verification = certificate.body['verification'] as Json
  const view = await worker.get(`/subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`)
  say('\nWhat is left after the erasure')
  say(`   Her case:      ${JSON.stringify(view.body['fields'])}`)
  say(`   Her keys:      ${String((certificate.body['keys'] as unknown[]).length)} destroyed, ${String(verification['keysFound'])} found`)
  say(`   Tried to read: ${String(verification['ciphertextsTried'])} sealed values, ${String(verification['ciphertextsOpened'])} opened`)
  say(`   On the disk:   ${String(filesWith(folder, words))} files hold any of her words`)
  say(`   Still to do:   notices to those it was shared with: ${String(certificate.body['notices'])}`)
  say(`   Certificate:   ${String(certificate.body['certificateId'])}`)
}

async function reportBreach(dpo: Client, subjectRef: string) {
  const { body } = await dpo.post('/breaches', {
    kind: 'CONFIDENTIALITY',
    discoveredAt: hourAgo(),
    awareAt: hourAgo(),
    summary: 'A letter was sent to an old address.',
    affected: [subjectRef],
    categories: ['ID'],
  })
  say(
    `\n7. A letter went astray before all this: a breach. The regulator is to be told by ${String((body['regulatorDue'] as Json)['target'])}; its record has a key of its own.`,
  )
}

async function showTheHistory(auditor: Client, subjectRef: string) {
  const { body } = await auditor.get(`/events?stream=person-${subjectRef}&limit=1000`)
  const types = (body['items'] as readonly Json[]).map(item => String(item['type']))
  say(`\nThe proof: the history was not rewritten. An auditor still reads all ${types.length} events, in order, and none of the words:`)
  say(`   ${types.join(' → ')}\n`)
}

function filesWith(folder: string, looked: readonly string[]): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((found, entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return found + filesWith(path, looked)
    if (!entry.isFile()) return found
    const bytes = readFileSync(path)
    return found + (looked.some(word => bytes.includes(word)) ? 1 : 0)
  }, 0)
}

async function startCaseledger(folder: string): Promise<Caseledger> {
  const port = await freePort()
  const env = { ...process.env, CASELEDGER_DATA_DIR: folder, PORT: String(port), HOST: '127.0.0.1' }
  const start = join(dirname(fileURLToPath(import.meta.url)), '../../../tools/start.mjs')
  const child = spawn(process.execPath, [start], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>(resolve =>
    child.once('exit', () => {
      resolve()
    }),
  )
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('ready')) resolve()
    })
    child.once('exit', () => {
      reject(new Error('The demo’s Caseledger did not start.'))
    })
  })
  const dir = dataDir(env)
  return {
    folder,
    as: async role => clientOf(`http://127.0.0.1:${port}/v1`, await issueToken(dir, role, `${role}-demo`)),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function clientOf(base: string, token: string): Client {
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: response.status, body: (await response.json()) as Json }
  }
  return { get: path => call('GET', path), post: (path, body) => call('POST', path, body) }
}
