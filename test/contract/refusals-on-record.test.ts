import { randomUUID } from 'node:crypto'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { pino } from 'pino'
import { decodeMetadata } from '#event-codec/metadata'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { type StaffRole, staffRoles } from '#kernel/actor'
import type { SubjectRef } from '#kernel/id'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { type OpenApi, type Operation, operationsOf } from '../fuzz/openapi.js'
import { goodValue } from '../fuzz/values.js'
import { noLimits } from '../support/no-limits.js'
import { erase, refer } from '../support/people.js'
import { Random } from '../support/random.js'
import { world } from '../support/world.js'

/** Refusals of a request that is not well formed, or of a service that is ill: they say nothing of a command. */
const ofTheRequest = ['INVALID_REQUEST', 'INSTANT_IN_FUTURE', 'BODY_TOO_LARGE']
/** A door is asked so often, and on until it has refused something. */
const tries = { least: 8, most: 60 }

let w: Awaited<ReturnType<typeof world>>
let api: NestFastifyApplication
let document: OpenApi
const tokens = new Map<StaffRole, string>()
const known: Record<string, readonly string[]> = {}

beforeAll(async () => {
  w = await world()
  const here = await refer(w)
  const gone = await refer(w, randomUUID() as SubjectRef)
  await erase(w, gone)
  Object.assign(known, {
    subjectRef: [here, gone, randomUUID()],
    evidenceType: ['STARS_LETTER'],
    seed: ['c0ffee00'.repeat(8)],
    clause: ['C31'],
    policy: ['ACCESS'],
    version: ['ACCESS-1'],
  })
  api = await createApi(w, trustLocalIssuer(w.dir.issuer), pino({ level: 'silent' }), noLimits)
  await api.init()
  await api.getHttpAdapter().getInstance().ready()
  for (const role of staffRoles) tokens.set(role, await issueTokenOn(w, w.dir, role, `${role}-1`))
  document = (await api.inject({ method: 'GET', url: '/openapi.json' })).json<OpenApi>()
})
afterAll(async () => {
  await api.close()
  await w.end()
})

type Headers = Readonly<Record<string, string>>
async function ask(role: StaffRole, { path, body }: Pick<Operation, 'path' | 'body'>, dice: Random, more: Headers = {}) {
  const url = path.replace(/\{([^}]+)\}/g, (_, name: string) => dice.pick(known[name] ?? [randomUUID()]))
  const answer = await api.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${String(tokens.get(role))}`, 'idempotency-key': randomUUID(), ...more },
    payload: goodValue(document, body ?? {}, '', dice, known) as object,
  })
  const { code } = answer.json<{ code?: string }>()
  return { status: answer.statusCode, code, correlationId: String(answer.headers['x-correlation-id']) }
}

/** The refusals on record, by the request that each was of. */
async function onRecord(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  for await (const event of w.store.readAll()) {
    if (event.type !== 'CommandRefused') continue
    const { metadata } = decodeMetadata(event.metadata)
    found.set(metadata.correlationId, [...(found.get(metadata.correlationId) ?? []), event.data['code'] as string])
  }
  return found
}

// Before anything is asked at random: that publishes policies, too.
test('a body that was wrong may be corrected under the same key: nothing of it was kept', async () => {
  const here = await refer(w, randomUUID() as SubjectRef)
  const send = (items: object) =>
    api.inject({
      method: 'POST',
      url: `/v1/subjects/${here}/details`,
      headers: { authorization: `Bearer ${String(tokens.get('ips-worker'))}`, 'idempotency-key': 'corrected' },
      payload: { category: 'ID', provenance: 'PERSON', items },
    })
  expect((await send({ dateOfBirth: 'last spring' })).statusCode).toBe(400)
  expect((await send({ dateOfBirth: '1987-04-03' })).statusCode).toBe(200)
  expect((await send({ dateOfBirth: '1988-04-03' })).json<{ code: string }>().code).toBe('IDEMPOTENCY_KEY_REUSED')
})

/**
 * A breach report, an incident that is raised, an audit that begins, and a file, of whose lines each is refused by itself. All else meets
 * a person who is not there, or is erased.
 */
const isNeverRefused = (path: string) => ['/breaches', '/incidents', '/audits', '/referral-imports'].some(end => path.endsWith(end))
/** Each has a version of its own: it depends on the dice. */
const isPolicy = (path: string) => path.startsWith('/v1/policies/')

test('every refusal of a well-formed command is on record once, whichever door refused it and wherever, and nothing else is', async () => {
  const dice = new Random(16)
  const commands = operationsOf(document).filter(({ parameters }) =>
    parameters.some(({ name, required }) => name === 'Idempotency-Key' && required),
  )
  expect(commands.length).toBeGreaterThanOrEqual(16)
  const expected = new Map<string, readonly string[]>()
  const codes = new Set<string>()
  const answered = ({ code, correlationId }: Awaited<ReturnType<typeof ask>>) => {
    const isDecided = code !== undefined && !ofTheRequest.includes(code)
    if (isDecided) codes.add(code)
    expected.set(correlationId, isDecided ? [code] : [])
    return isDecided
  }
  for (const command of commands) {
    let refused = 0
    for (let n = 0; n < tries.least || (refused === 0 && n < tries.most && !isPolicy(command.path) && !isNeverRefused(command.path)); n++) {
      const answer = await ask(dice.pick(command.roles as readonly StaffRole[]), command, dice)
      expect([command.path, answer.status < 500]).toEqual([command.path, true])
      if (answered(answer)) refused++
    }
    // What is refused before and beside the decision: by the guard, for a key that was used, for a revision that is not the one.
    const stranger = staffRoles.find(role => !command.roles.includes(role))
    if (stranger) answered(await ask(stranger, command, dice))
    const role = dice.pick(command.roles as readonly StaffRole[])
    const headers = { 'idempotency-key': randomUUID() }
    for (let n = 0; n < 3; n++) answered(await ask(role, command, dice, headers))
    answered(await ask(role, command, dice, { 'if-match': '"999"' }))
    if (!isPolicy(command.path)) expect([command.path, refused > 0]).toEqual([command.path, !isNeverRefused(command.path)])
  }
  for (const code of ['ROLE_NOT_PERMITTED', 'IDEMPOTENCY_KEY_REUSED', 'VERSION_CONFLICT', 'NOT_FOUND', 'SUBJECT_ERASED'])
    expect(codes).toContain(code)
  // Refusals are stored in their order: once the last one is there, those before it are.
  const last = await ask('dpo', { path: '/v1/audits/{auditId}/closing', body: document.components.schemas['AuditClosingBody'] }, dice)
  // By whichever rule: a policy that was published at random may have to be read first.
  expect(answered(last)).toBe(true)
  let found = await onRecord()
  while (!found.has(last.correlationId)) found = await onRecord()
  expect(Object.fromEntries([...expected.keys()].map(id => [id, found.get(id) ?? []]))).toEqual(Object.fromEntries(expected))
}, 120_000)
