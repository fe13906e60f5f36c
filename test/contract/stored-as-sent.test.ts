import { randomUUID } from 'node:crypto'
import { EventStoreDBClient } from '@eventstore/db-client'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppendAltered, StreamDamaged } from '#event-store/event-store'
import { EventStoreDbEventStore } from '#event-store/eventstoredb/eventstoredb-event-store'
import { trustLocalIssuer } from '#hosting/local-issuer'
import type { SubjectRef } from '#kernel/id'
import type { JsonObject } from '#kernel/json'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { asAdmin } from '../support/database.js'
import { eventStoreDbServer } from '../support/eventstoredb.js'
import { refer } from '../support/people.js'
import { all } from '../support/stores.js'
import { storesWith } from '../support/tampering.js'
import { world } from '../support/world.js'
import { heardLog } from '../support/heard-log.js'

const server = await eventStoreDbServer()
afterAll(async () => {
  if (!('none' in server)) await server.stop()
})
if ('none' in server)
  describe('what is stored is what was sent [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

type Proposed = { readonly id: string; readonly type: string; readonly data: JsonObject; readonly metadata: JsonObject }
/** A server, or somebody before it, that stores something else than it is sent: what goes to the real one is changed on its way. */
async function whileAltered<T>(alter: (events: readonly Proposed[]) => readonly object[], work: () => Promise<T>): Promise<T> {
  const client = EventStoreDBClient.prototype as unknown as { appendToStream: (...what: unknown[]) => unknown }
  const { appendToStream } = client
  client.appendToStream = function (this: unknown, stream, events, ...more) {
    return appendToStream.call(this, stream, alter(events as readonly Proposed[]), ...more)
  }
  try {
    return await work()
  } finally {
    client.appendToStream = appendToStream
  }
}

describe.each(storesWith(server))('a store that does not store what it is sent [$kind]', choice => {
  const { log, lines } = heardLog('info')
  let w: Awaited<ReturnType<typeof world>>
  let api: NestFastifyApplication
  beforeAll(async () => {
    w = await world(choice)
    api = await createApi(w, trustLocalIssuer(w.dir.issuer), log, { requestsPerSecond: 100_000 })
    await api.init()
    await api.getHttpAdapter().getInstance().ready()
  })
  afterAll(async () => {
    await api.close()
    await w.end()
  })

  const wishOf = async (subjectRef: SubjectRef, channel: string, key: string = randomUUID()) => {
    const { statusCode, body } = await api.inject({
      method: 'POST',
      url: `/v1/subjects/${subjectRef}/service-wish`,
      headers: { authorization: `Bearer ${await issueTokenOn(w, w.dir, 'back-office', 'back-office-1')}`, 'idempotency-key': key },
      payload: { outcome: 'WANTED', channel },
    })
    return { status: statusCode, code: (JSON.parse(body) as { code?: string }).code }
  }
  const part = async () => {
    const { parts } = (await api.inject({ url: '/health/ready' })).json<{ parts: { part: string; ready: boolean }[] }>()
    return parts.find(one => one.part === 'stored as sent')
  }
  const counted = async () => Number(/^caseledger_appends_altered_total (\d+)$/m.exec(await w.metrics.text())![1])
  /** What was said by phone is put down as said in a letter. */
  const altered = <T>(work: () => Promise<T>): Promise<T> =>
    choice.kind === 'postgres'
      ? asAdmin(w.database.admin, async sql => {
          await sql.unsafe(`create function public.meddle() returns trigger language plpgsql as $$ begin
              new.data = replace(new.data, '"PHONE"', '"LETTER"'); return new; end $$;
            create trigger meddles before insert on event_store.event for each row execute function public.meddle()`)
          try {
            return await work()
          } finally {
            await sql.unsafe('drop trigger meddles on event_store.event; drop function public.meddle()')
          }
        })
      : whileAltered(
          events => events.map(one => ({ ...one, data: JSON.parse(JSON.stringify(one.data).replace('"PHONE"', '"LETTER"')) as object })),
          work,
        )

  test('the caller is told 503, the operators by a log line, a metric and /health/ready; nothing is decided on it', async () => {
    const [hurt, other] = [await refer(w), await refer(w)]
    expect([await part(), await counted()]).toEqual([{ part: 'stored as sent', ready: true }, 0])
    const key = randomUUID()
    const told = { status: 503, code: 'NOT_STORED_AS_SENT' }
    await altered(async () => {
      expect(await wishOf(hurt, 'PHONE', key)).toEqual(told)
      expect(lines.filter(({ code }) => code === told.code)).toEqual([
        expect.objectContaining({ level: 50, kind: 'AppendAltered', msg: 'request failed' }),
      ])
      expect(await part()).toEqual({ part: 'stored as sent', ready: false, why: expect.stringContaining('security incident') as unknown })
      expect(await counted()).toBe(1)
      expect((await wishOf(other, 'EMAIL')).status).toBe(200)
    })
    // Where the store could still be kept from it, nothing was stored; else nothing is read of it.
    const again = await wishOf(hurt, 'PHONE', key)
    expect(again).toEqual(choice.kind === 'postgres' ? { status: 200, code: undefined } : { status: 500, code: 'HISTORY_DAMAGED' })
    expect((await wishOf(await refer(w), 'PHONE')).status).toBe(200)
    expect(await part()).toMatchObject({ ready: false })
  })
})

if (!('none' in server))
  describe('what EventStoreDB holds is read back before an append is answered', () => {
    const namespace = `t${randomUUID().slice(0, 8)}`
    let store: EventStoreDbEventStore
    beforeAll(() => {
      store = new EventStoreDbEventStore({ url: server.url, namespace })
    })
    afterAll(() => store.close())
    const event = (more: JsonObject = {}) => ({
      id: randomUUID(),
      type: 'Tried',
      data: { n: 1, nested: { list: [1, 'é'] } },
      metadata: { by: 'contract', correlationId: 'one', occurredAt: '2026-11-01T09:00:00.000Z', ...more },
    })
    const first = (change: (event: Proposed) => object) => (events: readonly Proposed[]) =>
      events.map((one, n) => (n === 0 ? { ...one, ...change(one) } : one))

    test.each([
      ['other data', first(({ data }) => ({ data: { ...data, n: 2 } }))],
      ['more data', first(({ data }) => ({ data: { ...data, more: true } }))],
      ['other metadata', first(({ metadata }) => ({ metadata: { ...metadata, by: 'somebody' } }))],
      ['another type', first(() => ({ type: 'Trusted' }))],
      ['another id', first(() => ({ id: randomUUID() }))],
      ['bytes', first(() => ({ contentType: 'application/octet-stream', data: Buffer.from([0xff]) }))],
      ['the events in another order', (events: readonly Proposed[]) => events.toReversed()],
      ['one too few', (events: readonly Proposed[]) => events.slice(1)],
    ])('%s: the caller is told, and this process reads and writes nothing more of the stream', async (_, alter) => {
      const [name, sound] = [`tried-${randomUUID()}`, `tried-${randomUUID()}`]
      const events = [event(), event()]
      await expect(whileAltered(alter, () => store.append(name, 'no_stream', events))).rejects.toMatchObject({
        constructor: AppendAltered,
        stream: name,
      })
      const damaged = { constructor: StreamDamaged, stream: name, how: 'altered' }
      await expect(all(store.readStream(name))).rejects.toMatchObject(damaged)
      await expect(store.lastOf(name)).rejects.toMatchObject(damaged)
      await expect(store.since([{ stream: name, revision: 0n, eventId: events[0]!.id }])).rejects.toMatchObject(damaged)
      await expect(store.append(name, 1n, [event()])).rejects.toMatchObject(damaged)
      await store.append(sound, 'no_stream', [event()])
      expect(await all(store.readStream(sound))).toHaveLength(1)
    })
    test('what another process stored for the same command, at its own time, is a repeat and no alarm', async () => {
      const name = `tried-${randomUUID()}`
      const [one, other] = [event(), event({ occurredAt: '2026-11-01T09:00:00.001Z' })]
      const appended = await store.append(name, 'no_stream', [one])
      expect(await store.append(name, 'no_stream', [{ ...other, id: one.id, data: { n: 2 } }])).toEqual(appended)
      expect((await all(store.readStream(name))).map(({ data }) => data)).toEqual([one.data])
    })
  })
