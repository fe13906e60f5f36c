import { randomUUID } from 'node:crypto'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { pino } from 'pino'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { Connection } from '#event-store/eventstoredb/connection'
import { trustLocalIssuer } from '#hosting/local-issuer'
import type { EventStoreChoice } from '#hosting/settings'
import type { StaffRole } from '#kernel/actor'
import type { SubjectRef } from '#kernel/id'
import { asAdmin } from '../support/database.js'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { noLimits } from '../support/no-limits.js'
import { refer } from '../support/people.js'
import { world } from '../support/world.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
const stores: readonly EventStoreChoice[] = [
  { kind: 'postgres' },
  ...('none' in server ? [] : [{ kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() }]),
]
if ('none' in server)
  describe('a damaged history [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

/** What somebody with full rights on the server does to a stream. */
type Harm = (stream: string) => Promise<unknown>
function harms(choice: EventStoreChoice, admin: string): Readonly<Record<string, Harm>> {
  if (choice.kind === 'postgres')
    return {
      'one was put before the first position of the log': stream =>
        asAdmin(admin, async sql => {
          await sql`alter table event_store.event drop constraint if exists event_in_place`
          await sql`
            insert into event_store.event
            select 1 - (select count(*) from event_store.event), stream, revision + 1, gen_random_uuid(), type, data, metadata, recorded_at
            from event_store.event where stream = ${stream} order by revision desc limit 1`
        }),
      'an event was taken out': stream =>
        asAdmin(
          admin,
          sql =>
            sql`
              delete from event_store.event
              where stream = ${stream} and revision = (select max(revision) - 1 from event_store.event where stream = ${stream})`,
        ),
    }
  const onServer =
    (work: (client: Connection['client'], name: string) => Promise<unknown>): Harm =>
    async stream => {
      const connection = Connection.to(choice.url)
      try {
        await work(connection.client, `${choice.namespace ?? ''}.${stream}`)
      } finally {
        await connection.close()
      }
    }
  return {
    '$maxCount is set': onServer((client, name) => client.setStreamMetadata(name, { maxCount: 1 })),
    'it is deleted': onServer((client, name) => client.deleteStream(name)),
    'it is tombstoned': onServer((client, name) => client.tombstoneStream(name)),
  }
}

describe.each(stores)('a damaged history [$kind]', choice => {
  let w: Awaited<ReturnType<typeof world>>
  let api: NestFastifyApplication
  beforeAll(async () => {
    w = await world(choice)
    api = await createApi(w, trustLocalIssuer(w.dir.issuer), pino({ level: 'silent' }), noLimits)
    await api.listen(0, '127.0.0.1')
  })
  afterAll(async () => {
    await api.close()
    await w.end()
  })

  const ask = async (role: StaffRole, path: string, body?: object) => {
    const response = await fetch(`${await api.getUrl()}/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${await issueTokenOn(w, w.dir, role, `${role}-1`)}`,
        'idempotency-key': randomUUID(),
        'content-type': 'application/json',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return {
      status: response.status,
      code: ((await response.json()) as { readonly code?: string }).code,
      retry: response.headers.get('retry-after'),
    }
  }
  const wish = (subjectRef: SubjectRef) =>
    ask('back-office', `/subjects/${subjectRef}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
  const damaged = { status: 500, code: 'HISTORY_DAMAGED', retry: null }
  const kinds = Object.keys(harms(choice, ''))

  test.each(
    kinds.flatMap(
      kind =>
        [
          [kind, 'known'],
          [kind, 'not known'],
        ] as const,
    ),
  )('%s, of a person whom the service has %s: an answer of its own, and everybody else is served', async (kind, known) => {
    const [hurt, other] = [await refer(w), await refer(w)]
    if (known === 'not known') w.folds.forget()
    await harms(choice, w.database.admin)[kind]!(`person-${hurt}`)
    expect(await wish(hurt)).toEqual(damaged)
    expect(await ask('auditor', `/events?stream=person-${hurt}`)).toEqual(damaged)
    expect(await wish(hurt)).toEqual(damaged)
    expect((await wish(other)).status).toBe(200)
    expect((await ask('auditor', `/events?stream=person-${other}`)).status).toBe(200)
    expect(w.folds.rewound.aborted).toBe(false)
  })
})
