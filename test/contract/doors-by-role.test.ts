import { randomUUID } from 'node:crypto'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { pino } from 'pino'
import { categories } from '#event-kit/scope'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { type StaffRole, staffRoles } from '#kernel/actor'
import { type Capability, type May, capabilities, isNeverRefused, recordersOf, rolesThatMay } from '#policy/capabilities'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { world } from '../support/world.js'

type Operation = { readonly 'x-roles'?: readonly StaffRole[]; readonly 'x-capability'?: readonly Capability[]; readonly 'x-may'?: May }
type Door = { readonly method: 'GET' | 'POST'; readonly path: string; readonly says: Operation }

let w: Awaited<ReturnType<typeof world>>
let api: NestFastifyApplication
let doors: readonly Door[]
const tokens = new Map<StaffRole, string>()
beforeAll(async () => {
  w = await world()
  api = await createApi(w, trustLocalIssuer(w.dir.issuer), pino({ level: 'silent' }), { requestsPerSecond: 100_000 })
  await api.init()
  await api.getHttpAdapter().getInstance().ready()
  for (const role of staffRoles) tokens.set(role, await issueTokenOn(w, w.dir, role, `${role}-1`))
  // On a laptop an auditor gets an audit with the token: this one has none.
  const [audit] = (await ask('dpo', 'GET', '/v1/audits')).json<{ auditId: string }[]>()
  expect((await ask('dpo', 'POST', `/v1/audits/${String(audit?.auditId)}/closing`, { reason: 'DONE' })).statusCode).toBe(200)
  const { paths } = (await api.inject({ method: 'GET', url: '/openapi.json' })).json<{ paths: Record<string, Record<string, Operation>> }>()
  doors = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, says]) => ({ method: method.toUpperCase() as Door['method'], path, says })),
  )
})
afterAll(async () => {
  await api.close()
  await w.end()
})

const ask = (role: StaffRole, method: Door['method'], url: string, body: object = {}) =>
  api.inject({
    method,
    url,
    headers: { authorization: `Bearer ${String(tokens.get(role))}`, 'idempotency-key': randomUUID() },
    ...(method === 'POST' ? { payload: body } : {}),
  })
/** Comes to the door with nothing that it could do: all that is asked is whether it opens to the role. */
async function come(role: StaffRole, { method, path }: Omit<Door, 'says'>, body?: object) {
  const answer = await ask(
    role,
    method,
    path.replace('*', '000').replace(/\{[^}]+\}/g, () => randomUUID()),
    body,
  )
  const isProblem = String(answer.headers['content-type']).includes('problem+json')
  return { role, status: answer.statusCode, code: isProblem ? answer.json<{ code: string }>().code : undefined }
}
const guarded = () => doors.filter(({ says }) => says['x-roles'] !== undefined)

test('every door that needs a token says by which row of the table it opens, and to whom', () => {
  expect(guarded().length).toBeGreaterThan(30)
  for (const { method, path, says } of guarded()) {
    const named = says['x-capability'] ?? []
    expect([method, path, named.length > 0, named.filter(one => !capabilities.includes(one))]).toEqual([method, path, true, []])
  }
})
test('every door opens to the roles that the table lets in, and to no other', async () => {
  for (const door of guarded()) {
    const { 'x-roles': told, 'x-capability': capability, 'x-may': may } = door.says
    const answers = await Promise.all(staffRoles.map(role => come(role, door)))
    const open = answers.filter(({ code }) => code !== 'ROLE_NOT_PERMITTED').map(({ role }) => role)
    const expected = [...rolesThatMay(capability as Capability[], may as May)]
    expect([door.method, door.path, open, told]).toEqual([door.method, door.path, expected, expected])
    for (const { role, status, code } of answers) {
      expect([door.path, role, code]).not.toEqual([door.path, role, 'UNAUTHENTICATED'])
      expect([door.path, role, code]).not.toEqual([door.path, role, 'STAFF_NOT_REGISTERED'])
      if (!open.includes(role)) expect([door.path, role, status]).toEqual([door.path, role, 403])
    }
  }
})
test('what may never be refused is taken from every role, an auditor without an audit included', async () => {
  const never = guarded().filter(({ says }) => says['x-capability']?.every(isNeverRefused))
  expect(never.length).toBeGreaterThanOrEqual(3)
  for (const door of never)
    for (const { role, status, code } of await Promise.all(staffRoles.map(role => come(role, door))))
      expect([door.path, role, status, code]).toEqual([door.path, role, 400, 'INVALID_REQUEST'])
})
test('each category is recorded by the roles that the table names for it, and by no other', async () => {
  for (const category of categories) {
    const door = { method: 'POST', path: '/v1/subjects/{subjectRef}/details' } as const
    const body = { category, items: { unheardOf: 'x' }, provenance: 'PERSON' }
    const answers = await Promise.all(staffRoles.map(role => come(role, door, body)))
    expect(answers.filter(({ code }) => code === 'INVALID_REQUEST')).toEqual([])
    const open = answers.filter(({ code }) => code !== 'ROLE_NOT_PERMITTED').map(({ role }) => role)
    expect([category, open]).toEqual([category, [...recordersOf(category)]])
  }
})
