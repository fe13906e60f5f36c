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
import { type Schemas, type Api, apiOf } from './service.js'
import { issueToken } from './token.js'

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

type Caseledger = { readonly folder: string; readonly as: (role: StaffRole) => Promise<Api>; readonly stop: () => Promise<void> }
/** Every command has a key of its own, so that it is done once however often it is sent. */
const newKey = () => ({ 'Idempotency-Key': randomUUID() })
const about = (subjectRef: string) => ({ header: newKey(), path: { subjectRef } })

/** @throws Error where a step of the story was refused: the rest would be told of nothing. */
async function done<T>(asked: Promise<{ readonly data?: T; readonly response: Response }>): Promise<T> {
  const { data, response } = await asked
  if (data === undefined)
    throw new Error(`The demo’s Caseledger answered ${response.status} at ${new URL(response.url).pathname.split('/')[2] ?? ''}.`)
  return data
}

async function tell({ folder, as }: Caseledger) {
  const [office, worker, dpo, auditor] = await Promise.all([as('back-office'), as('ips-worker'), as('dpo'), as('auditor')])
  const { subjectRef, consentless } = await referAndAsk(office, worker)
  say(`3. The Jobcentre asks how she is getting on. She has not agreed yet: "${consentless}"`)
  await consentAndShare(worker, subjectRef)
  const due = await eraseOnRequest(worker, dpo, subjectRef)
  say(`6. She asks to be erased. The answer is due by ${due}. The Data Protection Officer approves.`)
  await showWhatIsLeft(worker, auditor, subjectRef, folder)
  await reportBreach(dpo, subjectRef)
  await showTheHistory(auditor, subjectRef)
}

async function referAndAsk(office: Api, worker: Api) {
  const { subjectRef } = await done(
    office.POST('/v1/referrals', {
      params: { header: newKey() },
      body: {
        source: 'DWP-JCP',
        channel: 'EMAIL',
        serviceArea: 'GATESHEAD',
        receivedAt: hourAgo(),
        serviceWish: 'YES',
        person,
        reason: 'was a night baker',
      },
    }),
  )
  say(`\n1. The Jobcentre refers ${person.name}. From now on she is ${subjectRef}; her words are sealed under keys of her own.`)
  const wish = { outcome: 'WANTED', channel: 'PHONE' } as const
  await done(office.POST('/v1/subjects/{subjectRef}/service-wish', { params: about(subjectRef), body: wish }))
  const details = { category: 'EMP', items: { status: 'UNEMPLOYED', skills: 'night baker' }, provenance: 'PERSON' } as const
  await done(worker.POST('/v1/subjects/{subjectRef}/details', { params: about(subjectRef), body: details }))
  say('2. The referrer said that she wants the service; that counts as a claim. She is asked herself, and says yes.')
  const refused = await worker.POST('/v1/subjects/{subjectRef}/disclosures', { params: about(subjectRef), body: disclosure })
  return { subjectRef, consentless: refused.error?.rule ?? '' }
}

const disclosure: Schemas['DisclosureBody'] = {
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  necessity: 'So that her work coach can plan the next step.',
  method: 'SECURE_EMAIL',
  confidentialityBasis: 'CONSENT',
}

async function consentAndShare(worker: Api, subjectRef: string) {
  await done(
    worker.POST('/v1/subjects/{subjectRef}/consent-forms', {
      params: about(subjectRef),
      body: {
        formVersion: 'SCF-1',
        completedAt: hourAgo(),
        method: 'WET_SIGNATURE',
        rows: [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }],
      },
    }),
  )
  say('4. She signs the Sharing Consent Form: employment data, to the Jobcentre, for employment support.')
  const queued = await done(worker.POST('/v1/subjects/{subjectRef}/disclosures', { params: about(subjectRef), body: disclosure }))
  const { disclosureId } = queued
  const { state } = await done(
    worker.POST('/v1/subjects/{subjectRef}/disclosures/{disclosureId}/sending', {
      params: { header: newKey(), path: { subjectRef, disclosureId } },
      body: {},
    }),
  )
  say(
    `5. Now it may be shared (${queued.state}); her worker looks once more and sends it (${state}). `
      + 'The ledger says what, with whom, and why.',
  )
}

async function eraseOnRequest(worker: Api, dpo: Api, subjectRef: string): Promise<string> {
  const { requestId, due } = await done(
    worker.POST('/v1/subjects/{subjectRef}/erasure-requests', {
      params: about(subjectRef),
      body: {
        channel: 'PHONE',
        receivedAt: new Date().toISOString(),
        grounds: 'CONSENT_WITHDRAWN',
        words: 'I do not want to be on file any more.',
      },
    }),
  )
  await done(
    dpo.POST('/v1/subjects/{subjectRef}/erasure-requests/{requestId}/decision', {
      params: { header: newKey(), path: { subjectRef, requestId } },
      body: { decision: 'APPROVED', consequenceExplainedAt: hourAgo() },
    }),
  )
  return due
}

const certificateOf = (auditor: Api, subjectRef: string) =>
  until('The erasure was not completed', async () => {
    const { data } = await auditor.GET('/v1/subjects/{subjectRef}/erasure-certificate', { params: { path: { subjectRef } } })
    return data
  })

/** What the worker does takes it a moment. @throws Error with these words after half a minute */
async function until<T>(elseSay: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let left = 600; left > 0; left--) {
    const found = await ask()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`${elseSay} within half a minute.`)
}

async function showWhatIsLeft(worker: Api, auditor: Api, subjectRef: string, folder: string) {
  const { keys, verification, notices, certificateId } = await certificateOf(auditor, subjectRef)
  const { fields } = await done(
    worker.GET('/v1/subjects/{subjectRef}/case', { params: { path: { subjectRef }, query: { purpose: 'SERVICE_PROVISION' } } }),
  )
  say('\nWhat is left after the erasure')
  say(`   Her case:      ${JSON.stringify(fields)}`)
  say(`   Her keys:      ${keys.length} destroyed, ${verification.keysFound} found`)
  say(`   Tried to read: ${verification.ciphertextsTried} sealed values, ${verification.ciphertextsOpened} opened`)
  say(`   On the disk:   ${String(filesWith(folder, words))} files hold any of her words`)
  say(`   Still to do:   notices to those it was shared with: ${notices}`)
  say(`   Certificate:   ${certificateId}`)
}

async function reportBreach(dpo: Api, subjectRef: string) {
  const { regulatorDue } = await done(
    dpo.POST('/v1/breaches', {
      params: { header: newKey() },
      body: {
        kind: 'CONFIDENTIALITY',
        discoveredAt: hourAgo(),
        awareAt: hourAgo(),
        summary: 'A letter was sent to an old address.',
        affected: [subjectRef],
        categories: ['ID'],
      },
    }),
  )
  say(
    '\n7. A letter went astray before all this: a breach. '
      + `The regulator is to be told by ${regulatorDue?.target ?? '–'}; its record has a key of its own.`,
  )
}

async function showTheHistory(auditor: Api, subjectRef: string) {
  const query = { stream: `person-${subjectRef}`, limit: 1_000 }
  const { items } = await done(auditor.GET('/v1/events', { params: { query } }))
  say(`\nThe proof: the history was not rewritten. An auditor still reads all ${items.length} events, in order, and none of the words:`)
  say(`   ${items.map(({ type }) => type).join(' → ')}\n`)
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
    as: async role => apiOf(`http://127.0.0.1:${port}`, { Authorization: `Bearer ${await issueToken(dir, role, `${role}-demo`)}` }),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
