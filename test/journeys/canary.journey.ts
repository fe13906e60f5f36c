import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canaryWord, filesHolding, found } from '../support/canary.js'
import { type Answer, Standalone, hourAgo, referral } from '../support/standalone.js'
import { TraceCollector } from '../support/trace-collector.js'

/** A word of its own in every personal field that can be sent, and everything logged that can be logged. */
const word = (of: string) => canaryWord(`${of}Quibblewick`)
const contact = { phone: '07700900638', email: 'canary.mailbox@example.test', address: word('Address') }
const words = ['Name', 'Reason', 'Note', 'Skills', 'Health', 'Witness', 'Necessity', 'Contact', 'Erase', 'Explain', 'Breach', 'Wrong']
  .map(word)
  .concat(Object.values(contact), ['9990000077', '1961-11-29'])
const keys = mkdtempSync(join(tmpdir(), 'caseledger-keys-'))
const eventStoreFolder = process.env['CASELEDGER_EVENT_STORE'] === 'eventstoredb' ? process.env['EVENTSTOREDB_FOLDER'] : undefined
if (process.env['CASELEDGER_EVENT_STORE'] === 'eventstoredb' && !eventStoreFolder)
  test.skip('the canaries in EventStoreDB’s own files: EVENTSTOREDB_FOLDER does not say where they are', () => undefined)

let s: Standalone
let traces: TraceCollector
beforeAll(async () => {
  traces = await TraceCollector.start()
  Object.assign(process.env, { CASELEDGER_LOG_LEVEL: 'trace', CASELEDGER_KEYS_DIR: keys, OTEL_EXPORTER_OTLP_ENDPOINT: traces.url })
  s = await Standalone.start()
}, 120_000)
afterAll(async () => {
  await s.end()
  await traces.stop()
  rmSync(keys, { recursive: true, force: true })
})

/** What came back although nobody asked to read it: answers to commands, refusals, headers, lists, histories. */
const shown: string[] = []
function note(answer: Answer): Answer {
  shown.push(answer.text, JSON.stringify([...answer.headers]))
  return answer
}
const post = async (...of: Parameters<Standalone['post']>) => note(await s.post(...of))
const folders = () => [s.dir, keys, ...(eventStoreFolder ? [eventStoreFolder] : [])]
const nowhere = (when: string, what: string, hits: readonly string[]) => {
  expect([when, what, hits]).toEqual([when, what, []])
}

test('a personal word, sent right or wrong, stands in no answer, log, file or output, before and after erasure and rotation', async () => {
  const person = { name: word('Name'), dateOfBirth: '1961-11-29', nhsNumber: '9990000077', ...contact }
  const ref = (await post('back-office', '/referrals', referral(person, { reason: word('Reason') }))).body['subjectRef'] as string
  const to = `/subjects/${ref}`
  const steps: readonly (readonly [role: Parameters<Standalone['post']>[0], path: string, body: object])[] = [
    ['back-office', `${to}/service-wish`, { outcome: 'WANTED', channel: 'PHONE', note: word('Note') }],
    ['ips-worker', `${to}/details`, { category: 'EMP', items: { skills: word('Skills') }, provenance: 'PERSON' }],
    ['ips-worker', `${to}/details`, { category: 'HLT', items: { summary: word('Health') }, provenance: 'PERSON' }],
    ['ips-worker', `${to}/details`, { category: 'CON', items: { phone: contact.phone }, provenance: 'PERSON' }],
    [
      'ips-worker',
      `${to}/consent-forms`,
      {
        formVersion: 'SCF-1',
        completedAt: hourAgo(),
        method: 'VERBAL_WITNESSED',
        witness: word('Witness'),
        rows: [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }],
      },
    ],
    [
      'ips-worker',
      `${to}/disclosures`,
      {
        recipient: 'DWP-JCP',
        purpose: 'EMPLOYMENT_SUPPORT',
        categories: ['EMP'],
        fields: ['EMP.skills'],
        necessity: word('Necessity'),
        recipientContact: word('Contact'),
        method: 'PHONE',
        confidentialityBasis: 'CONSENT',
      },
    ],
    [
      'breach-responder',
      '/breaches',
      { kind: 'CONFIDENTIALITY', discoveredAt: hourAgo(), summary: word('Breach'), affected: [ref], categories: ['ID'] },
    ],
  ]
  for (const [role, path, body] of steps) {
    for (const wrong of [
      { ...body, [word('Wrong')]: word('Wrong') },
      ...Object.keys(body).map(field => ({ ...body, [field]: { [word('Wrong')]: word('Wrong') } })),
    ])
      await post(role, path, wrong)
    expect([path, Math.floor((await post(role, path, body)).status / 100)]).toEqual([path, 2])
  }
  expect((await post('back-office', '/referrals', referral(person))).body['code']).toBe('DUPLICATE_REFERRAL')
  for (const path of [`/subjects/${word('Wrong')}/case`, `/events?stream=${word('Wrong')}`, `/${word('Wrong')}?${word('Wrong')}=1`])
    note(await s.get('auditor', path))
  expect(
    (await s.post('ips-worker', '/subjects/search', { phone: contact.phone, purpose: 'SERVICE_PROVISION' })).body['items'],
  ).toHaveLength(1)
  const read = await s.until(
    () => s.get('ips-worker', `${to}/case?purpose=SERVICE_PROVISION`),
    ({ text }) => text.includes('"CON.phone"'),
  )
  expect(found(Buffer.from(read.text), words).length).toBeGreaterThan(2)
  await everywhere('before', ref)

  const { requestId } = (
    await post('ips-worker', `${to}/erasure-requests`, {
      channel: 'PHONE',
      receivedAt: hourAgo(),
      grounds: 'OBJECTION',
      words: word('Erase'),
    })
  ).body
  await post('dpo', `${to}/erasure-requests/${String(requestId)}/decision`, {
    decision: 'APPROVED',
    consequenceExplainedAt: hourAgo(),
    reasons: word('Explain'),
  })
  note(
    await s.until(
      () => s.get('auditor', `${to}/erasure-certificate`),
      ({ status }) => status === 200,
    ),
  )
  note(await s.get('ips-worker', `${to}/case?purpose=SERVICE_PROVISION`))
  shown.push(s.cli('keys', 'rotate').stdout)
  await everywhere('after', ref)
}, 240_000)

async function everywhere(when: string, ref: string) {
  for (const path of [
    '/events?limit=1000',
    `/events?stream=person-${ref}`,
    '/referrals?limit=200',
    '/disclosures?limit=200',
    '/breaches',
    `/subjects/${ref}/disclosures`,
    `/subjects/${ref}/case?purpose=AUDIT`,
  ])
    note(await s.get('auditor', path))
  // The commands below hold up this process, and with it the collector, for longer than an exporter waits.
  await s.until(
    () => s.call('GET', '/health/live'),
    () =>
      ['command', 'vault.seal', 'vault.open', 'event-store.append', 'POST /v1/subjects/:subjectRef/disclosures'].every(name =>
        traces.spans.some(span => span.name === name),
      ),
  )
  for (const args of [
    ['replay', '--subject', ref],
    ['projections', 'status'],
    ['keys', 'reconcile'],
    ['replay', '--check'],
  ]) {
    const { stdout, stderr } = s.cli(...args)
    shown.push(stdout, stderr)
  }
  note(await s.call('GET', '/health/ready'))
  expect(s.said).toContain('"msg":"request"')
  const metrics = await s.call('GET', '/metrics')
  expect(metrics.text).toContain('caseledger_commands_total{command="ShareData",outcome="accepted",code=""} 1')
  expect(metrics.text).toMatch(/caseledger_messages_total\{bus="command",message="ShareData"\} [1-9]/)
  const told = Buffer.from(`${metrics.text}${traces.bodies.join('\n')}`)
  nowhere(when, 'metrics and traces', [...found(told, words), ...found(told, [ref])])
  nowhere(when, 'answers and outputs', found(Buffer.from(shown.join('\n')), words))
  nowhere(when, 'logs', found(Buffer.from(s.said), words))
  nowhere(when, 'files', filesHolding(folders(), words))
}

test('a span says what its list allows, and a log line has no field that the documents do not name', () => {
  const allowed = [
    'caseledger.bus',
    'caseledger.message',
    'caseledger.command',
    'caseledger.outcome',
    'caseledger.code',
    'caseledger.operation',
    'caseledger.stream.category',
    'caseledger.events',
    'caseledger.projection',
    'http.request.method',
    'http.route',
    'http.response.status_code',
    'error.type',
  ]
  expect(traces.spans.length).toBeGreaterThan(100)
  expect(
    [...new Set(traces.spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)))].filter(key => !allowed.includes(key)),
  ).toEqual([])
  const named = traces.spans.flatMap(({ attributes }) => attributes.filter(({ key }) => key === 'caseledger.message'))
  expect(JSON.stringify(named)).toContain('ShareData')
  expect(traces.spans.filter(({ events }) => (events?.length ?? 0) > 0)).toEqual([])
  const documented = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `([a-zA-Z]+)` \|/gm)].map(([, field]) => field)
  const lines = s.said
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as object)
  expect(lines.length).toBeGreaterThan(50)
  expect([...new Set(lines.flatMap(line => Object.keys(line)))].filter(field => !documented.includes(field))).toEqual([])
})
test('the search sees a log file and a file that hold a word', () => {
  const path = join(keys, 'leak.txt')
  writeFileSync(path, Buffer.from(`..${word('Health')}`).toString('base64'))
  expect(filesHolding(folders(), words)).toEqual([path])
  expect(found(readFileSync(path), words)).toEqual([word('Health')])
})
