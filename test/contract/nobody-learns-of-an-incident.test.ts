import type { DecodedEvent } from '#event-codec/codec'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { SubjectRef } from '#kernel/id'
import { carryOutHubErasure, hubErasureBegunBy } from '#processes/hub-erasure'
import { everyIncident } from '#read-models/hub-register/queries'
import { type OpenApi, operationsOf } from '../fuzz/openapi.js'
import { aReferral, openDoors } from '../support/doors.js'
import { goodRead } from '../support/good-reads.js'
import { bundleOf, publish, sequence, testSigner, verified } from '../support/ledger.js'
import { erase } from '../support/people.js'

type Doors = Awaited<ReturnType<typeof openDoors>>
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()
const nowhere = '00000000-0000-4000-8000-00000000dead'

/** What there is in both worlds: people, of whom one is erased, and everybody who works here. */
async function begin(doors: Doors) {
  const refer = async () =>
    String((await doors.tell('back-office', 'referrals', { ...aReferral, receivedAt: hourAgo() })).body['subjectRef'])
  const refs: Record<string, string> = {}
  for (const role of staffRoles) refs[role] = String((await doors.read(role, 'me')).body['staffRef'])
  const staff = 'somebody-else'
  const party = String((await doors.read('ips-worker', 'me', { staff })).body['staffRef'])
  const breach = { kind: 'INTEGRITY', discoveredAt: hourAgo(), summary: 'A letter went astray.', categories: ['ID'] }
  const breachId = String((await doors.tell('ips-worker', 'breaches', breach)).body['breachId'])
  const [audit] = (await doors.read('auditor', 'audits')).body as unknown as readonly { readonly auditId: string }[]
  return { subjectRef: await refer(), gone: await refer(), staff, party, breachId, auditId: String(audit?.auditId), refs }
}
type Begun = Awaited<ReturnType<typeof begin>>

/** An incident, in which somebody and their worker were; told, read, closed. @returns its id */
async function happen({ tell, read }: Doors, { subjectRef, gone, staff, refs }: Begun): Promise<string> {
  const by = { staff }
  const told = { type: 'HEALTH_AND_SAFETY', severity: 'SEVERE', occurredAt: hourAgo(), narrative: 'The stairs gave way.' }
  const incidentId = String((await tell('ips-worker', 'incidents', told, by)).body['incidentId'])
  for (const who of [{ subjectRef }, { subjectRef: gone }, { staffRef: refs['team-leader'] }, { name: 'Odalys Brandt' }]) {
    const { status } = await tell('ips-worker', `incidents/${incidentId}/people`, { role: 'AFFECTED', words: 'They fell.', ...who }, by)
    expect(status).toBe(200)
  }
  expect((await read('ips-worker', `incidents/${incidentId}`, by)).status).toBe(200)
  // What is refused to a party is theirs, too.
  expect((await tell('ips-worker', `incidents/${incidentId}/people`, { name: 'Odalys Brandt' }, by)).status).toBe(422)
  expect((await tell('ips-worker', `incidents/${incidentId}/closing`, { conclusion: 'They were mended.' }, by)).status).toBe(200)
  return incidentId
}

async function erased(doors: Doors, gone: string) {
  const { w } = doors
  await erase(w, gone as SubjectRef)
  const parts = { ...w, assertOwnLog: () => Promise.resolve(), incidents: (at: bigint) => everyIncident(w.sql, w.readModels, at) }
  for await (const stored of w.store.readAll()) {
    const work = hubErasureBegunBy(w.codec.decode(stored))
    if (work) await carryOutHubErasure(work, parts)
  }
}

/** Every door that is read, in every role, by people who are no parties. The audit ledger is looked at by itself. */
async function walk(doors: Doors, { breachId, auditId, party, subjectRef, gone }: Begun, incidentId: string) {
  const document = (await doors.api.inject({ method: 'GET', url: '/openapi.json' })).json<OpenApi>()
  const told: string[] = []
  const reads = operationsOf(document).filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/v1/') && !path.startsWith('/v1/ledger/'),
  )
  for (const { path, roles } of reads)
    for (const role of roles as readonly StaffRole[])
      for (const about of path.includes('{subjectRef}') ? [subjectRef, gone] : [subjectRef]) {
        // Whoever maintains the system sees that there are incidents: that is said by another test.
        if (role === 'sysadmin' && path === '/v1/incidents') continue
        const ids = { subjectRef: about, breachId, auditId, staffRef: party, incidentId }
        const known = [...path.matchAll(/\{(\w+)\}/g)].map(([, id = '']) => [id, (ids as Readonly<Record<string, string>>)[id] ?? nowhere])
        const { url } = goodRead(path, [role], [Object.fromEntries(known) as Readonly<Record<string, string>>])
        const before = (await doors.w.store.head()) ?? 0n
        const { status, body, headers } = await doors.read(role, path === '/v1/events' ? 'events?limit=1000' : url)
        // Once what was refused is on record, the next reading comes after it in both worlds.
        const isOfThis = ({ metadata }: DecodedEvent) => metadata.correlationId === headers['x-correlation-id']
        if (status === 403 || status === 404) await doors.onRecord('CommandRefused', isOfThis, { after: before })
        told.push(`${role} ${path} ${status} ${JSON.stringify(body)}`)
      }
  // Nobody runs a worker here: how far behind it is tells how long the walk took.
  await doors.shown()
  const { body: metrics } = await doors.api.inject({ method: 'GET', url: '/metrics' })
  return { told, metrics: metrics.split('\n').filter(isCountOfSomething) }
}
/**
 * How long things took, and how much was written and sealed by all together, is no secret: the log's own size is told by every position
 * in it (ADR-0029).
 */
const isCountOfSomething = (line: string) =>
  line.startsWith('caseledger_')
  && !/_seconds_(sum|bucket)|_(process|nodejs)_|_append|key_operation|caseledger_ledger|lag_positions|behind_seconds/.test(line)

/**
 * What differs between any two worlds: ids, instants, ciphertexts, keyed digests, positions in the log. An id is named by when it appears
 * first, and a ciphertext by its length, so that what is there once more, or longer, is seen.
 */
function comparable(lines: readonly string[]): readonly string[] {
  const ids = new Map<string, string>()
  const idOf = (id: string) => {
    ids.set(id, ids.get(id) ?? `#${ids.size}`)
    return ids.get(id) as string
  }
  return lines.map(line =>
    line
      .replace(/(access|refusal)-[0-9a-f]{8}-\d{8}/g, '$1-stream')
      .replace(/"(ct|iv|kc|sourceAddress|evidenceDigest)":"([\w-]+)"/g, (_, name: string, text: string) => `"${name}":${text.length}`)
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, idOf)
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'instant')
      .replace(/"(position|next|from|purgedTo)":"\d+"/g, '"$1":"place"'),
  )
}

/** Which door, and a little of both answers from where they are no longer the same. */
function whereTheyDiffer(one: string, other: string) {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return [one.slice(0, 60), ...[one, other].map(line => line.slice(Math.max(0, at - 40), at + 80))]
}

async function lived(withIncident: boolean) {
  const doors = await openDoors()
  try {
    const begun = await begin(doors)
    const incidentId = withIncident ? await happen(doors, begun) : nowhere
    await doors.shown()
    await erased(doors, begun.gone)
    await doors.shown()
    const { told, metrics } = await walk(doors, begun, incidentId)
    return { told: comparable(told), metrics, incidentId }
  } finally {
    await doors.close()
  }
}

test('[C40] whoever is no party learns nothing, by any door, list, register, certificate, history or metric: byte for byte', async () => {
  const [without, withOne] = [await lived(false), await lived(true)]
  expect(withOne.told.length).toBeGreaterThan(150)
  const differs = withOne.told.flatMap((line, n) => (line === without.told[n] ? [] : [whereTheyDiffer(line, without.told[n] ?? '')]))
  expect(differs).toEqual([])
  expect(withOne.told).toHaveLength(without.told.length)
  expect(without.metrics.length).toBeGreaterThan(50)
  expect(withOne.metrics).toEqual(without.metrics)
}, 120_000)

test('[C40] ledger and bundle tell that something is kept apart, and nothing else; both verifiers find the bundle whole', async () => {
  const doors = await openDoors()
  const signer = await testSigner()
  try {
    const begun = await begin(doors)
    const incidentId = await happen(doors, begun)
    const kept: string[] = []
    for await (const { stream, id } of doors.w.store.readAll()) if (stream === `incident-${incidentId}`) kept.push(id)
    expect(kept.length).toBeGreaterThan(8)
    await sequence(doors.w, signer)
    await publish(doors.w, signer)
    const folder = await bundleOf(doors.w, signer, { kind: 'ALL' })
    const report = await verified(folder, signer.policyText)
    expect(report.findings).toEqual([])
    const lines = readFileSync(join(folder, 'data/events.jsonl'), 'utf8')
    const apart = lines.split('\n').filter(line => kept.some(id => line.includes(id)))
    expect(apart).toHaveLength(kept.length)
    for (const line of apart)
      expect(JSON.parse(line)).toMatchObject({ type: 'caseledger.KeptApart', subject: expect.stringMatching(/^~/) as string })
    for (const line of apart) expect(JSON.parse(line)).not.toHaveProperty('data')
    for (const word of ['incident', 'Incident', 'Involve', 'Interested', incidentId]) expect(lines).not.toContain(word)
  } finally {
    await signer.stop()
    await doors.close()
  }
}, 120_000)
