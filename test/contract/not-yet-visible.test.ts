import { randomUUID } from 'node:crypto'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { pino } from 'pino'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { trustLocalIssuer } from '#hosting/local-issuer'
import type { StaffRole } from '#kernel/actor'
import { noLimits } from '../support/no-limits.js'
import { refer } from '../support/people.js'
import { project, world } from '../support/world.js'

let w: Awaited<ReturnType<typeof world>>
let api: NestFastifyApplication
beforeAll(async () => {
  w = await world()
  api = await createApi(w, trustLocalIssuer(w.dir.issuer), pino({ level: 'silent' }), noLimits)
  await api.listen(0, '127.0.0.1')
})
afterAll(async () => {
  await api.close()
  await w.end()
})

const ask = async (role: StaffRole, path: string, body?: object) => {
  const headers = {
    authorization: `Bearer ${await issueTokenOn(w, w.dir, role, `${role}-1`)}`,
    'idempotency-key': randomUUID(),
    'content-type': 'application/json',
  }
  const response = await fetch(
    `${await api.getUrl()}/v1${path}`,
    body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers },
  )
  return {
    status: response.status,
    body: (await response.json()) as { readonly code?: string; readonly items?: readonly unknown[]; readonly breachId?: string },
  }
}
const reads = (subjectRef: string, breachId: string): readonly (readonly [StaffRole, string])[] => [
  ['back-office', `/subjects/${subjectRef}/case?purpose=REFERRAL_INTAKE`],
  ['dpo', `/subjects/${subjectRef}/keys`],
  ['dpo', `/subjects/${subjectRef}/disclosures`],
  ['dpo', `/breaches/${breachId}`],
]

test('what the log knows, and a read model has not reached yet, is not answered as if there were nothing', async () => {
  const subjectRef = await refer(w)
  const reported = await ask('dpo', '/breaches', {
    kind: 'CONFIDENTIALITY',
    discoveredAt: new Date(Date.now() - 60_000).toISOString(),
    summary: 'A letter.',
    affected: [subjectRef],
    categories: ['ID'],
  })
  const answers = (subject: string, breach: string) => Promise.all(reads(subject, breach).map(([role, path]) => ask(role, path)))
  const breachId = String(reported.body.breachId)
  for (const { status, body } of await answers(subjectRef, breachId)) expect([status, body.code]).toEqual([503, 'NOT_YET_VISIBLE'])
  for (const { status, body } of await answers(randomUUID(), randomUUID())) expect([status, body.code]).toEqual([404, 'NOT_FOUND'])
  await project(w)
  const seen = await answers(subjectRef, breachId)
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  // Nothing was shared: that is said once it is known.
  expect([seen[1]!.body.items!.length > 0, seen[2]!.body.items]).toEqual([true, []])
})
