import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { pino } from 'pino'
import { freePort } from '#hosting/free-port'
import { issuerNamed, trustedIssuer } from '#hosting/token-issuer'
import { createApi } from '../../apps/api/api.js'
import { registerBearer } from '../../apps/cli/registering.js'
import { TokenIssuer } from '../support/token-issuer.js'
import { world } from '../support/world.js'

let issuer: TokenIssuer
let w: Awaited<ReturnType<typeof world>>
let api: NestFastifyApplication
const never = { signal: new AbortController().signal, say: () => undefined }
const trusting = (settings: object, ms = 500) => trustedIssuer(w.dir.issuer, { ...never, ms }, { ...settings })
beforeAll(async () => {
  issuer = await TokenIssuer.start()
  w = await world()
  api = await createApi(w, await trusting({ NODE_ENV: 'production', ...issuer.settings }), pino({ level: 'silent' }), {
    requestsPerSecond: 100_000,
  })
  await api.init()
  await api.getHttpAdapter().getInstance().ready()
  await registerBearer(w, issuer.issuer, 'dpo@example.org', 'dpo')
})
afterAll(async () => {
  await api.close()
  await w.end()
  await issuer.stop()
})
const ask = async (token: string, url = 'me', body?: object) => {
  const answer = await api.inject({
    method: body ? 'POST' : 'GET',
    url: `/v1/${url}`,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'idempotency-key': randomUUID() } : {}) },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, ...answer.json<{ code?: string; role?: string; staffRef?: string; appointmentNeeded?: boolean }>() }
}
const dpo = (change = {}) => issuer.token('dpo@example.org', ['dpo'], change)
const seconds = () => Math.floor(Date.now() / 1_000)

describe('in production tokens come from an issuer of one’s own', () => {
  test('without one nothing starts, and no key is made', async () => {
    expect(() => issuerNamed({ NODE_ENV: 'production' })).toThrow(
      /^In production tokens come from an issuer of your own: set CASELEDGER_ISSUER, CASELEDGER_AUDIENCE and CASELEDGER_JWKS_URL/,
    )
    await expect(trusting({ NODE_ENV: 'production' })).rejects.toThrow(/^In production/)
    expect(existsSync(w.dir.issuer)).toBe(false)
  })
  test.each([
    ['an issuer alone', { CASELEDGER_ISSUER: 'https://issuer.example.org' }, /set together/],
    ['keys in the clear from elsewhere', { CASELEDGER_JWKS_URL: 'http://issuer.example.org/keys' }, /^CASELEDGER_JWKS_URL is the https/],
    ['keys in a file', { CASELEDGER_JWKS_URL: 'file:///tmp/keys' }, /^CASELEDGER_JWKS_URL is the https/],
    ['the laptop’s issuer by name', { CASELEDGER_ISSUER: 'urn:caseledger:local:1' }, /^CASELEDGER_ISSUER is/],
    ['a word that is nearly production', { NODE_ENV: 'Production' }, /^NODE_ENV is one of production, development, test/],
  ])('%s is none', async (_, settings, why) => {
    await expect(trusting({ NODE_ENV: 'production', ...settings })).rejects.toThrow(why)
  })
  test('where its keys are not to be had, or are none, it is said which setting to look at', async () => {
    issuer.answers = 'ERROR'
    await expect(trusting(issuer.settings, 50)).rejects.toThrow(/cannot be used: it does not answer 200 with JSON.*CASELEDGER_JWKS_URL\.$/)
    issuer.answers = 'NO_KEY_SET'
    await expect(trusting(issuer.settings)).rejects.toThrow(/what it answers is no key set.*CASELEDGER_JWKS_URL\.$/)
    issuer.answers = 'KEYS'
    await expect(trusting({ ...issuer.settings, CASELEDGER_JWKS_URL: `http://127.0.0.1:${await freePort()}/keys` }, 50)).rejects.toThrow(
      /nothing listens there/,
    )
  })
})

describe('which tokens are believed', () => {
  test.each(['RS256', 'ES256', 'EdDSA', 'Ed25519'])('%s', async alg => {
    expect(await ask(await dpo({ alg }))).toMatchObject({ status: 200, role: 'dpo' })
  })
  test.each(['JWT', 'at+jwt', 'AT+JWT', 'application/at+jwt'])('of the type %s', async typ => {
    expect((await ask(await dpo({ header: { typ } }))).status).toBe(200)
  })
  test.each([
    ['of another type', { header: { typ: 'logout+jwt' } }],
    ['of a type that is no word', { header: { typ: 7 } }],
    ['good for a hundred years', { claims: { exp: seconds() + 100 * 31_556_952 } }],
    ['good for a day and a minute', { claims: { exp: seconds() + 86_460 } }],
    ['issued in the future, so that its life is as long as its lead', { claims: { iat: seconds() + 9e8, exp: seconds() + 9e8 + 600 } }],
    ['without a time of issue', { claims: { iat: undefined } }],
    ['for another service', { claims: { aud: 'payroll' } }],
  ])('not one %s', async (_, change) => {
    expect(await ask(await dpo(change))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })
})

describe('staff are registered by whoever may give their role', () => {
  const register = async (by: string, subject: string, role: string) => ask(by, 'staff', { subject, role })
  test('and may then act in it', async () => {
    expect((await ask(await issuer.token('tl@example.org', ['team-leader']))).code).toBe('STAFF_NOT_REGISTERED')
    expect(await register(await dpo(), 'tl@example.org', 'team-leader')).toMatchObject({ status: 201, appointmentNeeded: false })
    const leader = await issuer.token('tl@example.org', ['team-leader'])
    expect(await ask(leader)).toMatchObject({ status: 200, role: 'team-leader' })
    expect((await register(leader, 'iw@example.org', 'ips-worker')).status).toBe(201)
    expect(await register(leader, 'iw@example.org', 'dpo')).toMatchObject({ status: 403, code: 'ROLE_NOT_TO_GIVE' })
    expect((await ask(await issuer.token('iw@example.org', ['ips-worker', 'dpo']))).role).toBe('ips-worker')
  })
  test('nobody gives themselves another role', async () => {
    expect(await register(await dpo(), 'dpo@example.org', 'auditor')).toMatchObject({ status: 403, code: 'SELF_APPROVAL_FORBIDDEN' })
  })
  test('[C48] a role that one person holds also needs an appointment, by somebody else and of somebody registered', async () => {
    const { staffRef, appointmentNeeded } = await register(await dpo(), 'cg@example.org', 'caldicott')
    const guardian = await issuer.token('cg@example.org', ['caldicott'])
    expect([appointmentNeeded, (await ask(guardian)).code]).toEqual([true, 'STAFF_NOT_REGISTERED'])
    const appoint = async (whom: string | undefined, role: string) => ask(await dpo(), `staff/${String(whom)}/appointments`, { role })
    expect(await appoint(randomUUID(), 'caldicott')).toMatchObject({ status: 409, code: 'ROLE_NOT_REGISTERED' })
    expect(await appoint(staffRef, 'health-overseer')).toMatchObject({ status: 409, code: 'ROLE_NOT_REGISTERED' })
    expect((await appoint(staffRef, 'caldicott')).status).toBe(201)
    expect(await ask(guardian)).toMatchObject({ status: 200, role: 'caldicott' })
  })
  test('whom nobody may register leaves no trace', async () => {
    const count = async () => (await w.sql`select from command.staff_identity`).length
    await register(await dpo(), 'sa@example.org', 'sysadmin')
    const before = await count()
    const admin = await issuer.token('sa@example.org', ['sysadmin'])
    expect((await register(admin, 'somebody@example.org', 'dpo')).code).toBe('ROLE_NOT_TO_GIVE')
    expect(await count()).toBe(before)
  })
})

test('made-up key ids do not flood the issuer; an issuer that is away is an outage, and nobody is a stranger for it', async () => {
  const trust = await trusting(issuer.settings)
  const { now } = Date
  const own = await createApi(w, trust, pino({ level: 'silent' }), { requestsPerSecond: 100_000 })
  try {
    await own.init()
    await own.getHttpAdapter().getInstance().ready()
    const me = async (token: string) =>
      (await own.inject({ method: 'GET', url: '/v1/me', headers: { authorization: `Bearer ${token}` } })).statusCode
    const asked = issuer.asked
    for (let n = 0; n < 20; n++) expect(await me(await dpo({ header: { kid: randomUUID() } }))).toBe(401)
    expect(issuer.asked - asked).toBeLessThanOrEqual(1)
    const good = await dpo()
    issuer.answers = 'ERROR'
    // What it knows is good for a while; then it has to ask.
    expect(await me(good)).toBe(200)
    Date.now = () => now() + 700_000
    expect(await me(good)).toBe(503)
    issuer.answers = 'KEYS'
    expect(await me(good)).toBe(200)
  } finally {
    Date.now = now
    issuer.answers = 'KEYS'
    await own.close()
  }
})
