/**
 * Makes the dump of a release's database that test/upgrade restores:
 *   git clone . /tmp/release && (cd /tmp/release && git checkout 16c077a && npm ci)
 *   node test/upgrade/make-dump.mjs /tmp/release test/upgrade/16c077a
 * Each dump was made by this script as it stood then: its story knows the doors of one release.
 * It lets the release itself run (`npm start`) and live a short story over HTTP, and then writes down its database: the SQL of its own
 * migrations and read models, as it applied them, and the rows of every table as COPY text; and its key folder.
 */
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const [release, out] = process.argv.slice(2).map(path => resolve(path))
process.chdir(release)
const { prepare } = await import(join(release, 'tools/prepare.mjs'))
prepare()
const lib = path => import(join(release, 'dist', `${path}.js`))
const data = mkdtempSync(join(tmpdir(), 'caseledger-release-'))
const port = await new Promise(done => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => done(port))
  })
})
const env = { ...process.env, CASELEDGER_DATA_DIR: data, PORT: String(port), CASELEDGER_CHECKPOINT_SECONDS: '1', NODE_OPTIONS: '' }
const pause = ms => new Promise(done => setTimeout(done, ms))
const ago = hours => new Date(Date.now() - hours * 3_600_000).toISOString()

const service = spawn(process.execPath, [join(release, 'tools/start.mjs')], { cwd: release, env, stdio: ['ignore', 'pipe', 'inherit'] })
await new Promise((done, failed) => {
  let said = ''
  service.stdout.on('data', text => (said += text).includes('Caseledger is ready') && done())
  service.once('exit', () => failed(new Error('it did not start')))
})
const tokens = JSON.parse(
  spawnSync(process.execPath, [join(release, 'dist/test/support/tokens.js')], { cwd: release, env, encoding: 'utf8' }).stdout,
)
async function call(role, method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens[role]}`,
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': randomUUID() } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  return { status: response.status, text, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {} }
}
async function post(role, path, body) {
  const answer = await call(role, 'POST', path, body)
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.body
}
async function until(ask, wanted) {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await ask()
    if (wanted(answer)) return answer
    await pause(50)
  }
  throw new Error('it never was as wanted')
}

const cli = (...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(release, 'tools/caseledger.mjs'), ...args], {
    cwd: release,
    env,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

/** Invented people, each with a story of their own. */
async function story() {
  const refer = async (name, nhsNumber) =>
    (
      await post('back-office', '/referrals', {
        source: 'DWP-JCP',
        channel: 'EMAIL',
        serviceArea: 'GATESHEAD',
        receivedAt: ago(1),
        serviceWish: 'YES',
        reason: `${name} would like to work`,
        person: { name, dateOfBirth: '1991-02-03', phone: '07700900471', ...(nhsNumber ? { nhsNumber } : {}) },
      })
    ).subjectRef
  const record = async ref => {
    for (const [category, items, provenance] of [
      ['EMP', { status: 'UNEMPLOYED', skills: 'keeps bees' }, 'PERSON'],
      ['HLT', { summary: 'sleeps badly' }, 'STARS'],
    ])
      await post('ips-worker', `/subjects/${ref}/details`, { category, items, provenance })
  }
  const wish = (ref, said) => post('back-office', `/subjects/${ref}/service-wish`, { channel: 'PHONE', ...said })
  const evidence = (ref, outcome, evidenceType = 'STARS_LETTER') =>
    post('back-office', `/subjects/${ref}/eligibility`, { evidenceType, checkedAt: ago(1), outcome })
  const about = { recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT' }
  const sign = (ref, ...rows) =>
    post('ips-worker', `/subjects/${ref}/consent-forms`, { formVersion: 'SCF-1', completedAt: ago(1), method: 'WET_SIGNATURE', rows })
  const yes = { ...about, categories: ['EMP'], decision: 'YES' }
  const share = (ref, asked) =>
    post('ips-worker', `/subjects/${ref}/disclosures`, {
      ...about,
      categories: ['EMP'],
      fields: ['EMP.status'],
      necessity: 'to arrange an interview',
      method: 'SECURE_EMAIL',
      confidentialityBasis: 'CONSENT',
      recipientContact: 'an adviser',
      ...asked,
    })
  const ask = async ref =>
    (
      await post('ips-worker', `/subjects/${ref}/erasure-requests`, {
        channel: 'PHONE',
        receivedAt: ago(1),
        grounds: 'OBJECTION',
        words: 'please',
      })
    ).requestId
  const decide = async (ref, decision) => post('dpo', `/subjects/${ref}/erasure-requests/${await ask(ref)}/decision`, decision)
  const certified = ref =>
    until(
      () => call('auditor', 'GET', `/subjects/${ref}/erasure-certificate`),
      ({ status }) => status === 200,
    )

  const shared = await refer('Ottoline Shared', '9434765919')
  await wish(shared, { outcome: 'WANTED' })
  await evidence(shared, 'CONFIRMED')
  await record(shared)
  await sign(shared, yes, { recipient: 'NDTMS', purpose: 'TREATMENT_MONITORING', categories: [], decision: 'NO' })
  const { disclosureId: sent } = await share(shared)
  await post('ips-worker', `/subjects/${shared}/disclosures/${sent}/sending`, {})
  const joint = { recipient: 'STARS', purpose: 'JOINT_CARE', confidentialityBasis: 'IMPLIED_DIRECT_CARE' }
  for (const decision of ['AUTHORISED', 'REFUSED']) {
    const { disclosureId } = await share(shared, joint)
    await post('team-leader', `/subjects/${shared}/disclosures/${disclosureId}/authorisation`, { decision, reasons: 'it was weighed' })
  }
  await post('ips-worker', `/subjects/${shared}/consents/withdraw`, { ...about, channel: 'PHONE' })
  await share(shared).catch(() => undefined)
  await call('ips-worker', 'POST', '/subjects/search', { nhsNumber: '9434765919', purpose: 'SERVICE_PROVISION' })
  await call('ips-worker', 'GET', `/subjects/${shared}/case?purpose=SERVICE_PROVISION`)
  await call('auditor', 'GET', `/events?stream=person-${shared}`)

  const erased = await refer('Peregrine Erased')
  await record(erased)
  await decide(erased, { decision: 'APPROVED', consequenceExplainedAt: ago(1) })
  await certified(erased)
  const partly = await refer('Ignatius Partly')
  await record(partly)
  await decide(partly, {
    decision: 'PARTLY',
    perScope: [
      { scope: 'HLT', decision: 'ERASED' },
      ...['REF', 'EMP'].map(scope => ({ scope, decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' })),
    ],
    reasons: 'a claim is open',
  })
  await certified(partly)
  const kept = await refer('Theodora Kept')
  await record(kept)
  await decide(kept, {
    decision: 'REFUSED',
    reasons: 'the law asks for it',
    perScope: ['REF', 'EMP', 'HLT'].map(scope => ({ scope, decision: 'RETAINED', exemption: 'LEGAL_OBLIGATION' })),
  })
  cli('keys', 'replace', '--subject', kept, '--scope', 'EMP', '--without', 'EMP.skills')
  const declined = await refer('Cuthbert Declined')
  await wish(declined, { outcome: 'DECLINED', declinedBy: 'PERSON' })
  // At this release a refusal by STARS was recorded, and destroyed nothing.
  const turnedAway = await refer('Leocadia Turned-Away')
  await evidence(turnedAway, 'REFUSED', 'QUINCEWORT')
  const cancelled = await refer('Araminta Cancelled')
  await record(cancelled)
  await sign(cancelled, yes)
  const [worker] = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(service.pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(line => line.includes('worker/main.js'))
    .map(line => Number(line.trim().split(' ')[0]))
  process.kill(worker, 'SIGSTOP')
  await share(cancelled)
  await post('ips-worker', `/subjects/${cancelled}/consents/withdraw`, { ...about, channel: 'PHONE' })
  process.kill(worker, 'SIGCONT')
  await until(
    () => call('auditor', 'GET', `/subjects/${cancelled}/disclosures`),
    ({ text }) => text.includes('CANCELLED'),
  )
  const fresh = await refer('Wilhelmina Fresh')

  const { breachId } = await post('breach-responder', '/breaches', {
    kind: 'CONFIDENTIALITY',
    discoveredAt: ago(1),
    awareAt: ago(1),
    summary: 'A letter about a client went astray.',
    affected: [shared],
    categories: ['ID'],
  })
  const auditId = await audited()
  return { shared, erased, partly, kept, declined, turnedAway, cancelled, fresh, breachId, auditId }
}

/** An audit from its opening to its pack, and one that is closed. */
async function audited() {
  const [{ auditId }] = (await call('auditor', 'GET', '/audits')).body
  const { sampleId } = await until(
    () => call('auditor', 'POST', `/audits/${auditId}/samples`, { size: 50, type: 'DataShared' }),
    ({ status }) => status === 201,
  ).then(({ body }) => body)
  const { leaves } = await post('auditor', `/audits/${auditId}/samples/${sampleId}/seed`, { seed: 'c0ffee00'.repeat(8) })
  const finding = { kind: 'MINOR', clause: 'C31', leaves, words: 'an invented finding' }
  const { findingId } = await post('auditor', `/audits/${auditId}/findings`, finding)
  await post('dpo', `/audits/${auditId}/findings/${findingId}/answer`, { answer: 'ACCEPTED', words: 'it was so' })
  await post('auditor', `/audits/${auditId}/findings/${findingId}/closing`, { outcome: 'RESOLVED' })
  const year = { from: ago(24 * 365), to: ago(0), expiresAt: ago(-24) }
  const another = { ...year, auditors: [randomUUID()], scope: 'ALL', reference: 'Quincewort-Q3' }
  const { auditId: closed } = await post('dpo', '/audits', another)
  await post('dpo', `/audits/${closed}/closing`, { reason: 'WITHDRAWN' })
  cli('audit', 'pack', '--audit', auditId, '--out', join(data, 'pack.zip'))
  cli('ledger', 'export', '--all', '--reference', 'Quincewort-Q3', '--approval', 'DPO-1', '--out', join(data, 'bundle.zip'))
  return auditId
}

let people, vkey
try {
  people = await story()
  // Everything is sequenced and signed, and everybody has read to the end.
  await pause(4_000)
  vkey = cli('ledger', 'vkey').match(/\S+\+[0-9a-f]{8}\+A\S+/)[0]
} finally {
  service.kill('SIGINT')
  await new Promise(done => service.once('exit', done))
}

const { startEmbeddedPostgres } = await lib('libs/hosting/embedded-postgres')
const server = await startEmbeddedPostgres({ data: join(data, 'postgres'), secrets: join(data, 'secrets') })
const { default: postgres } = await import(join(release, 'node_modules/postgres/src/index.js'))
const sql = postgres(server.url.replace(/\/postgres$/, '/caseledger'), { max: 1, onnotice: () => undefined })

/** As Kysely makes them. */
const migrationTables = `create table public.caseledger_migration (
  name varchar(255) not null primary key, "timestamp" varchar(255) not null);
create table public.caseledger_migration_lock (id varchar(255) not null primary key, is_locked integer default 0 not null);`
async function schema() {
  const libraries = [
    ['1-event-store', 'event-store/postgres/migrations', 'eventStoreMigrations'],
    ['2-vault', 'subject-keys/postgres/migrations', 'vaultMigrations'],
    ['3-commands', 'commands/postgres/migrations', 'commandMigrations'],
    ['4-projections', 'projections/postgres/migrations', 'projectionMigrations'],
    ['5-processes', 'processes/postgres/migrations', 'processMigrations'],
    ['7-ledger', 'ledger/postgres/migrations', 'ledgerMigrations'],
  ]
  const known = new Map()
  for (const [library, path, name] of libraries)
    for (const step of (await lib(`libs/${path}`))[name]) known.set(`${library}/${step.name}`, step.sql)
  // Read models have none (ADR-0017), but for one from before that nothing is left of.
  known.set('6-read-models/0001-read-models', 'select')
  const applied = await sql`select name from caseledger_migration order by "timestamp", name`
  if (applied.length !== known.size) throw new Error('the release has other migrations than its database')
  const { projections } = await lib('libs/read-models/all')
  const { createTable } = await lib('libs/projections/projection')
  const readModels = projections.flatMap(({ tables }) => tables.map(table => createTable(table)))
  return [migrationTables, ...applied.map(({ name }) => known.get(name)), `set local role caseledger_app;\n${readModels.join('\n')}`]
}
/** As `copy … to stdout` would say them. */
async function copied({ schema, name }) {
  const columns = (
    await sql`select column_name from information_schema.columns
      where table_schema = ${schema} and table_name = ${name} and is_generated = 'NEVER' order by ordinal_position`
  ).map(({ column_name }) => `"${column_name}"`)
  const found = await sql
    .unsafe(`select ${columns.map(column => `${column}::text`).join(', ')} from ${schema}.${name} order by ctid`)
    .values()
  const escapes = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
  const rows = found.map(row => row.map(value => (value === null ? '\\N' : value.replace(/[\\\t\n\r]/g, one => escapes[one]))).join('\t'))
  return { into: `${schema}.${name} (${columns.join(', ')})`, rows: rows.map(row => `${row}\n`).join('') }
}
const tables = await sql`select schemaname as schema, tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`
const sequences = await sql`select schemaname || '.' || sequencename as name, last_value::text as value from pg_sequences
    where last_value is not null order by 1`
const dump = { schema: await schema(), tables: [], sequences: [...sequences], people, vkey }
for (const table of tables) dump.tables.push(await copied(table))
const stored = (await sql`select distinct type from event_store.event`).map(({ type }) => type)
const missing = (await lib('libs/event-codec/catalogue')).catalogue.types.filter(type => !stored.includes(type))
await sql.end()
await server.stop()

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'dump.json.gz'), gzipSync(JSON.stringify(dump), { level: 9 }))
cpSync(join(data, 'keys'), join(out, 'keys'), { recursive: true })
rmSync(data, { recursive: true, force: true })
const counts = dump.tables.map(({ into, rows }) => `${into.split(' ')[0]} ${rows.split('\n').length - 1}`)
process.stdout.write([JSON.stringify(people), `Not in it: ${missing.join(', ')}`, ...counts, ''].join('\n'))
