import { createHash, randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseCheckpointText } from '#merkle/checkpoint'
import { parseNote } from '#merkle/note'
import { checkTlogProof, parseTlogProof } from '#merkle/tlog-proof'
import { leafHash } from '#merkle/tree-hash'
import { tilePath } from '#merkle/tile'
import { TrustPolicy } from '#merkle/trust-policy'
import { parseEntry } from '#verifier/leaf-header'
import { changed, verified } from '../support/ledger.js'
import { hourAgo, referral } from '../support/standalone.js'
import { before, s, subjectRef } from './story-referred.journey.js'

test('[C49, C50] a breach has its own clock and its own key: it outlives the people in it', async () => {
  const reported = await s.post('breach-responder', '/breaches', {
    kind: 'CONFIDENTIALITY',
    discoveredAt: '2026-10-23T08:00:00Z',
    awareAt: '2026-10-23T09:15:00+01:00',
    summary: 'A letter about a client went astray.',
    affected: [subjectRef],
    categories: ['ID', 'HLT'],
    approxPeople: 1,
  })
  expect([reported.status, reported.body['regulatorDue']]).toEqual([201, { target: '2026-10-26T08:15:00Z', limit: '2026-10-26T09:00:00Z' }])
  const path = `/breaches/${String(reported.body['breachId'])}`
  expect((await s.get('dpo', path)).body['summary']).toBe('A letter about a client went astray.')
  expect((await s.get('auditor', path)).body['summary']).toEqual({ masked: true })
  expect((await s.get('back-office', path)).status).toBe(403)
  expect((await s.get('dpo', `/breaches?state=REPORTED&after=${String(reported.body['position'])}`)).text).toContain(
    String(reported.body['breachId']),
  )
  const suspected = await s.post('back-office', '/breaches', {
    kind: 'AVAILABILITY',
    discoveredAt: hourAgo(),
    summary: 'A disk is gone.',
    categories: ['ID'],
  })
  expect([suspected.status, suspected.body['regulatorDue']]).toEqual([201, undefined])
})
test('an auditor replays one person’s history: as JSON, as lines, in words', async () => {
  const json = await s.get('auditor', `/events?stream=person-${subjectRef}&limit=1000`)
  const types = (json.body['items'] as { type: string }[]).map(({ type }) => type)
  for (const type of [
    'ReferralReceived',
    'ConsentGranted',
    'DataShared',
    'ErasureRequested',
    'ErasureFenced',
    'SubjectKeyDestroyed',
    'ErasureCompleted',
  ])
    expect(types).toContain(type)
  const lines = await s.get('auditor', `/events?stream=person-${subjectRef}&limit=3`, { accept: 'application/x-ndjson' })
  expect(
    lines.text
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { revision: string }).revision),
  ).toEqual(['0', '1', '2'])
  const told = s.cli('replay', '--subject', subjectRef)
  expect([
    told.status,
    told.stdout.includes('A referral came from DWP-JCP'),
    told.stdout.includes('The erasure was completed and verified'),
  ]).toEqual([0, true, true])
  expect(s.cli('replay', '--subject', subjectRef, '--as-of', before).stdout).not.toContain('erased')
  expect(s.cli('replay', '--subject', randomUUID()).status).toBe(1)
  expect(s.cli('replay').status).toBe(2)
})
test('the command line says the same from the databases and the running service, in words; as JSON an object for each line', () => {
  for (const args of [
    ['replay', '--subject', subjectRef],
    ['keys', 'list', '--subject', subjectRef],
    ['disclosures', 'list', '--subject', subjectRef],
  ]) {
    const [fromDatabases, fromService] = [s.cli(...args), s.cliAs('auditor', ...args)]
    expect([fromDatabases.status, fromService.status, fromService.stderr]).toEqual([0, 0, ''])
    expect(fromService.stdout).toBe(fromDatabases.stdout)
    const lines = s
      .cli(...args, '--json')
      .stdout.trim()
      .split('\n')
      .map(line => JSON.parse(line) as object)
    expect(lines).toHaveLength(fromDatabases.stdout.trim().split('\n').length)
  }
  const [ready, parts] = [s.cliAs('auditor', 'health'), s.cli('health', '--json')]
  expect([
    ready.status,
    parts.status,
    ready.stdout.includes('case-view'),
    parts.stdout.includes('{"part":"event store","ready":true}'),
  ]).toEqual([0, 0, true, true])
})
test('the command line prints personal data only when a reading that is on record asks for it', async () => {
  const { body } = await s.post('back-office', '/referrals', referral({ name: 'Quillon Farthingale' }))
  const show = ['case', 'show', '--subject', String(body['subjectRef']), '--purpose', 'SERVICE_PROVISION']
  const unasked = s.cliAs('ips-worker', ...show)
  expect([unasked.status, unasked.stdout]).toEqual([2, ''])
  expect(s.cli(...show, '--open').status).toBe(2)
  const before = (await s.get('auditor', '/events?type=RecordAccessed&limit=1000')).body['items'] as object[]
  const opened = s.cliAs('ips-worker', ...show, '--open')
  expect([opened.status, opened.stdout.includes('Quillon Farthingale')]).toEqual([0, true])
  expect((await s.get('auditor', '/events?type=RecordAccessed&limit=1000')).body['items']).toHaveLength(before.length + 1)
  const refused = s.cliAs('sysadmin', ...show, '--open')
  expect([refused.status, refused.stdout, refused.stderr.includes('ROLE_NOT_PERMITTED')]).toEqual([3, '', true])
})
test('the doctor finds the database of this installation as the release makes it', () => {
  const { status, stdout, stderr } = s.cli('doctor')
  expect([status, stdout, stderr]).toEqual([0, 'Everything is as this release makes it.\n', expect.not.stringContaining('defect')])
})
test('a dry run says what would be destroyed, and changes nothing', async () => {
  const { body } = await s.post('back-office', '/referrals', referral({ name: 'Isolde Merriweather' }))
  const of = String(body['subjectRef'])
  await s.post('ips-worker', `/subjects/${of}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
  await s.post('ips-worker', `/subjects/${of}/details`, { category: 'EMP', items: { status: 'UNEMPLOYED' }, provenance: 'PERSON' })
  const state = () => [
    s.cli('keys', 'reconcile').stdout,
    s.cli('replay', '--subject', of).stdout,
    s.cli('keys', 'rotate', '--dry-run', '--json').stdout,
  ]
  const before = state()
  for (const args of [['keys', 'rotate'], ['keys', 'replace', '--subject', of, '--scope', 'EMP'], ['recover']]) {
    const { status, stdout } = s.cli(...args, '--dry-run')
    expect([args, status, stdout.startsWith('It would ')]).toEqual([args, 0, true])
  }
  expect(state()).toEqual(before)
})
test('[C37] an auditor reads under an open audit, within its scope; every read is on record', async () => {
  const token = s.token('auditor', 'auditor-2')
  const read = (path: string, audit?: string) => s.call('GET', path, { token, headers: audit === undefined ? {} : { 'audit-id': audit } })
  const auditor = String((await read('/v1/me')).body['staffRef'])
  const [demo] = JSON.parse((await read('/v1/audits')).text) as { auditId: string; reference: string }[]
  expect(demo?.reference).toBe('DEMO')
  expect((await read(`/v1/subjects/${subjectRef}/keys`)).status).toBe(200)
  expect((await s.post('dpo', `/audits/${demo!.auditId}/closing`, { reason: 'WITHDRAWN' })).status).toBe(200)
  for (const path of [
    '/v1/events',
    `/v1/subjects/${subjectRef}/keys`,
    '/v1/disclosures',
    `/v1/audits/${demo!.auditId}`,
    '/ledger/tile/entries/000.p/1',
  ]) {
    expect([path, (await read(path)).body['code'], (await read(path, demo!.auditId)).body['code']]).toEqual([
      path,
      'AUDIT_REQUIRED',
      'AUDIT_REQUIRED',
    ])
  }
  const other = String((await s.post('back-office', '/referrals', referral({ name: 'Lettice Marchbanks' }))).body['subjectRef'])
  const body = {
    auditors: [auditor],
    scope: 'SUBJECTS',
    subjects: [subjectRef],
    from: '2020-01-01T00:00:00Z',
    to: new Date(Date.now() + 86_400_000).toISOString(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    reference: 'AUDIT-7',
  }
  expect((await s.post('dpo', '/audits', { ...body, subjects: [] })).body['code']).toBe('AUDIT_PERIOD_INVALID')
  expect((await s.post('dpo', '/audits', { ...body, auditors: [(await s.get('dpo', '/me')).body['staffRef']] })).body['code']).toBe(
    'SELF_APPROVAL_FORBIDDEN',
  )
  const { auditId } = (await s.post('dpo', '/audits', body)).body
  expect((await read(`/v1/events?stream=person-${subjectRef}&limit=2`)).body['items']).toHaveLength(2)
  expect((await read(`/v1/subjects/${subjectRef}/keys`, String(auditId))).status).toBe(200)
  for (const path of [
    '/v1/events',
    `/v1/events?stream=person-${other}`,
    `/v1/subjects/${other}/keys`,
    '/v1/disclosures',
    '/ledger/tile/entries/000.p/1',
  ])
    expect([path, (await read(path)).body['code']]).toEqual([path, 'AUDIT_SCOPE_EXCEEDED'])
  const idOf = async (ref: string) =>
    ((await s.get('dpo', `/events?stream=person-${ref}&limit=1`)).body['items'] as { id: string }[])[0]!.id
  expect([
    (await read(`/ledger/proofs/${await idOf(subjectRef)}`)).status,
    (await read(`/ledger/proofs/${await idOf(other)}`)).body['code'],
  ]).toEqual([200, 'AUDIT_SCOPE_EXCEEDED'])
  expect((await s.post('dpo', '/audits', { ...body, from: '2020-01-01T00:00:00Z', to: '2021-01-01T00:00:00Z' })).status).toBe(201)
  expect((await read(`/v1/events?stream=person-${subjectRef}`)).body['code']).toBe('AUDIT_REQUIRED')
  const both = JSON.parse((await read('/v1/audits')).text) as { auditId: string; to: string; state: string }[]
  expect(both.map(({ state }) => state)).toEqual(['CLOSED', 'OPEN', 'OPEN'])
  expect((await read(`/v1/events?stream=person-${subjectRef}`, both[2]!.auditId)).body['items']).toEqual([])
  const reads = ((await s.get('dpo', '/events?type=HistoryRead&limit=1000')).body['items'] as { data: Record<string, unknown> }[])
    .map(({ data }) => data)
    .filter(data => data['auditId'] === auditId)
  expect(reads.map(({ accessId: _, auditId: _of, at: _at, sourceAddress: _from, ...what }) => what)).toEqual([
    { stream: `person-${subjectRef}`, from: '0', events: 2 },
    { door: 'KeyRegister.of', subjectRef },
    { door: 'AuditLedger.proof', subjectRef },
  ])
})
test('a sample’s seed came after what it is drawn from was signed; anybody draws the same; findings are raised and closed', async () => {
  const [demo] = JSON.parse((await s.get('auditor', '/audits')).text) as { auditId: string }[]
  const path = `/audits/${demo!.auditId}`
  const fixed = await s.post('auditor', `${path}/samples`, { size: 50, type: 'DataShared' })
  const size = Number(fixed.body['checkpointSize'])
  expect([fixed.status, size > 0]).toEqual([201, true])
  const seed = 'c0ffee00'.repeat(8)
  const drawing = `${path}/samples/${String(fixed.body['sampleId'])}/seed`
  const drawn = await s.post('auditor', drawing, { seed })
  expect((await s.post('auditor', drawing, { seed: 'f'.repeat(64) })).body['code']).toBe('ALREADY_DECIDED')
  const leaves = drawn.body['leaves'] as readonly number[]
  const headers = await entriesBelow(size)
  const shared = headers.flatMap(({ type }, index) => (type === 'DataShared' ? [index] : []))
  const rank = (index: number) => {
    const eight = Buffer.alloc(8)
    eight.writeBigUInt64BE(BigInt(index))
    return createHash('sha256').update(Buffer.from(seed, 'hex')).update(eight).digest('hex')
  }
  expect([drawn.body['population'], leaves]).toEqual([shared.length, shared.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))])
  const sheet = await s.get('auditor', `${path}/samples/${String(fixed.body['sampleId'])}/items/${Math.min(...leaves)}`)
  expect(sheet.body).toMatchObject({
    header: { type: 'DataShared' },
    rule: { command: 'ShareData', noticeVersion: expect.any(String) as string },
    stored: { data: { recipient: 'DWP-JCP' } },
  })
  for (const proof of [sheet.body['proof'], (sheet.body['evidence'] as { proof: string }[])[0]?.proof])
    expect(
      checkTlogProof(
        parseTlogProof(String(proof)),
        leafHash(parseTlogProof(String(proof)).extra!),
        TrustPolicy.parse((await s.call('GET', '/ledger/policy')).text),
      ).included,
    ).toBe(true)
  expect((await s.get('auditor', `${path}/samples/${String(fixed.body['sampleId'])}/items/0`)).status).toBe(404)

  const found = await s.post('auditor', `${path}/findings`, {
    kind: 'MINOR',
    clause: 'C31',
    leaves,
    words: 'Zephyrine is named in the subject line',
  })
  expect([found.status, found.text.includes('Zephyrine')]).toEqual([201, false])
  const finding = `${path}/findings/${String(found.body['findingId'])}`
  expect((await s.post('auditor', `${finding}/answer`, { answer: 'ACCEPTED', words: 'x' })).status).toBe(403)
  expect((await s.post('dpo', `${finding}/answer`, { answer: 'REMEDIED', words: 'the template was changed' })).status).toBe(200)
  expect((await s.post('auditor', `${finding}/closing`, { outcome: 'RESOLVED' })).status).toBe(200)
  expect((await s.post('dpo', `${finding}/answer`, { answer: 'DISPUTED', words: 'x' })).body['code']).toBe('ALREADY_DECIDED')
  expect((await s.get('auditor', path)).body['findings']).toEqual([
    {
      findingId: found.body['findingId'],
      kind: 'MINOR',
      clause: 'C31',
      leaves,
      state: 'CLOSED',
      words: 'Zephyrine is named in the subject line',
      answer: 'REMEDIED',
      answerWords: 'the template was changed',
      outcome: 'RESOLVED',
    },
  ])
  expect((await s.get('dpo', `/events?stream=audit-${demo!.auditId}`)).text).not.toContain('Zephyrine')
})

test('an auditor takes away one signed pack, and checks a sample, an old checkpoint and two bundles without the service', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-taken-'))
  const at = (name: string) => join(folder, name)
  try {
    const [audit] = JSON.parse((await s.get('auditor', '/audits')).text) as { auditId: string }[]
    const {
      samples: [sample],
    } = (await s.get('auditor', `/audits/${audit!.auditId}`)).body as unknown as {
      samples: [{ seed: string; checkpointSize: number; leaves: number[] }]
    }
    writeFileSync(at('policy'), (await s.call('GET', '/ledger/policy')).text)
    writeFileSync(at('old'), (await s.call('GET', '/ledger/checkpoint')).text)
    expect(s.cli('ledger', 'export', '--all', '--approval', 'DPO-1', '--reference', 'AUDIT-1', '--out', at('one.zip')).status).toBe(0)
    expect(s.cli('audit', 'pack', '--audit', audit!.auditId, '--out', at('pack')).status).toBe(0)
    const words = ['Zephyrine', 'template was changed']
    for (const file of readdirSync(at('pack'), { recursive: true, encoding: 'utf8' }))
      if (statSync(join(at('pack'), file)).isFile())
        for (const word of words) expect([file, readFileSync(join(at('pack'), file), 'utf8').includes(word)]).toEqual([file, false])
    expect(readdirSync(at('pack/data/audit/sheets')).sort()).toEqual(sample.leaves.map(leaf => `${leaf}.json`).sort())
    expect(await verified(at('pack'), readFileSync(at('policy'), 'utf8'))).toMatchObject({ verdict: 'VERIFIED' })
    // The one file that an auditor takes away, in a folder where there is nothing else.
    cpSync(join(process.cwd(), 'dist/verify.mjs'), at('verify.mjs'))
    for (const bundle of ['one.zip', 'pack']) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [at('verify.mjs'), at(bundle), '--policy', at('policy'), '--old', at('old')],
        { cwd: folder, encoding: 'utf8', env: {} },
      )
      expect([bundle, status, stdout.trim().split('\n').at(-1), stderr]).toEqual([bundle, 0, 'VERIFIED', ''])
    }
    const forged = changed(at('pack'), pack => {
      writeFileSync(join(pack, 'data/audit/audit.json'), '{}')
    })
    expect((await verified(forged, readFileSync(at('policy'), 'utf8'))).findings).toMatchObject([
      { check: 'manifest', result: 'failed', what: 'The manifest is not the one that was signed' },
    ])
    expect(s.cli('audit', 'pack', '--audit', randomUUID(), '--out', at('none')).status).toBe(1)

    const drawn = s.cli(
      'ledger',
      'sample',
      '--bundle',
      at('one.zip'),
      '--seed',
      sample.seed,
      '--size',
      '50',
      '--below',
      String(sample.checkpointSize),
      '--type',
      'DataShared',
      '--json',
    )
    expect((JSON.parse(drawn.stdout) as { leaves: number[] }).leaves).toEqual(sample.leaves)
    expect(s.cli('ledger', 'consistency', '--old', at('old')).status).toBe(0)
    const { size } = parseCheckpointText(parseNote(readFileSync(at('old'), 'utf8')).text)
    writeFileSync(at('forged'), readFileSync(at('old'), 'utf8').replace(`\n${size}\n`, `\n${size - 1}\n`))
    expect(s.cli('ledger', 'consistency', '--old', at('forged')).status).toBe(1)
    expect(s.cli('ledger', 'export', '--all', '--approval', 'DPO-1', '--reference', 'AUDIT-2', '--out', at('two')).status).toBe(0)
    expect([
      s.cli('ledger', 'diff', '--bundle', at('one.zip'), '--with', at('two')).status,
      s.cli('ledger', 'diff', '--bundle', at('two'), '--with', at('one.zip')).status,
    ]).toEqual([0, 1])
    const replayed = (bundle: string) => s.cli('replay', '--bundle', bundle, '--policy', at('policy'), '--subject', subjectRef)
    const [told, own] = [replayed(at('two')), s.cli('replay', '--subject', subjectRef)]
    expect([told.status, told.stdout]).toEqual([0, `VERIFIED: what follows is what was signed.\n${own.stdout}`])
    const altered = changed(at('two'), folder => {
      const [tile] = readdirSync(join(folder, 'data/payloads'))
      const path = join(folder, 'data/payloads', tile!)
      writeFileSync(path, readFileSync(path, 'utf8').replace('"source":"DWP-JCP"', '"source":"SELF"'))
    })
    const untold = replayed(altered)
    expect([
      untold.status,
      untold.stdout.startsWith('FAILED: nothing of it is told.\nleaf '),
      untold.stdout.includes('A referral'),
    ]).toEqual([1, true, false])
    expect(s.cli('ledger', 'diff', '--bundle', at('one.zip'), '--with', altered)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is FAILED') as unknown,
    })
    const disclosures = readFileSync(at('two/data/fhir-auditevents.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: { code: string }; agent: { who: { identifier: { value: string } } }[] })
    expect(disclosures.filter(({ type }) => type.code === '110106').map(({ agent }) => agent[1]?.who.identifier.value)).toContain('DWP-JCP')
    expect(s.cli('ledger', 'anchor', 'status').stdout).toContain('no witness')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 120_000)

/** The headers of all leaves below a size, as the tiles give them to an auditor. */
async function entriesBelow(size: number): Promise<readonly { readonly type: string }[]> {
  const entries: { readonly type: string }[] = []
  for (let tile = 0; tile * 256 < size; tile++) {
    const width = Math.min(256, size - tile * 256)
    const answer = await fetch(`http://127.0.0.1:${s.port}/ledger/${tilePath({ level: 'entries', index: tile, width })}`, {
      headers: { authorization: `Bearer ${s.token('auditor')}` },
    })
    let bytes = Buffer.from(await answer.arrayBuffer())
    for (; bytes.length > 0; bytes = bytes.subarray(2 + bytes.readUInt16BE(0)))
      entries.push(parseEntry(bytes.subarray(2, 2 + bytes.readUInt16BE(0))))
  }
  return entries
}
test('lists are paged, with a cursor that repeats and misses nothing', async () => {
  const all = (await s.get('auditor', '/referrals?limit=200')).body['items'] as { subjectRef: string }[]
  const seen: string[] = []
  for (let cursor = ''; ;) {
    const { body } = await s.get('auditor', `/referrals?limit=2${cursor}`)
    seen.push(...(body['items'] as { subjectRef: string }[]).map(item => item.subjectRef))
    if (body['next'] === undefined) break
    cursor = `&cursor=${body['next'] as string}`
  }
  expect(seen).toEqual(all.map(item => item.subjectRef))
  expect((await s.get('auditor', '/referrals?state=ERASED&source=DWP-JCP')).body['items']).toHaveLength(3)
})
test('If-Match is honoured', async () => {
  const { body } = await s.post('back-office', '/referrals', referral({ name: 'Barnaby Oakshott' }))
  const path = `/subjects/${String(body['subjectRef'])}/service-wish`
  const stale = await s.post('back-office', path, { outcome: 'WANTED', channel: 'PHONE' }, randomUUID(), { 'if-match': '"0"' })
  expect([stale.status, stale.body['code']]).toEqual([409, 'VERSION_CONFLICT'])
  expect(
    (
      await s.post('back-office', path, { outcome: 'WANTED', channel: 'PHONE' }, randomUUID(), {
        'if-match': `"${String(body['revision'])}"`,
      })
    ).status,
  ).toBe(200)
})
test('a second DPO is a deputy, and may act', async () => {
  expect((await s.call('GET', '/v1/me', { token: s.token('dpo', 'dpo-2') })).body['role']).toBe('dpo')
  const appointed = (await s.get('auditor', '/events?type=RoleAppointed')).body['items'] as { data: { role: string; as: string } }[]
  expect(appointed.filter(({ data }) => data.role === 'dpo').map(({ data }) => data.as)).toEqual(['HOLDER', 'DEPUTY'])
})
