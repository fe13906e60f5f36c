import { randomBytes, randomUUID } from 'node:crypto'
import { EventStoreDBClient, NO_STREAM, jsonEvent } from '@eventstore/db-client'
import { EventStoreDbEventStore } from '#event-store/eventstoredb/eventstoredb-event-store'
import { type Measurement, measured, metadata, payload, rate } from './rate.js'

const callers = 16
const rounds = 7
const seconds = 2

/**
 * Appends of one 300-byte event each at 16 callers, through the adapter and through the bare client, without and with credentials in the
 * URL, interleaved on one server: EVENTSTOREDB_URL. An insecure server takes any credentials; one that asks who writes is measured with
 * its own only.
 */
export async function* eventstoredb(): AsyncIterable<Measurement> {
  const url = process.env['EVENTSTOREDB_URL']
  if (!url) {
    process.stderr.write('eventstoredb: EVENTSTOREDB_URL is not set, so nothing is measured.\n')
    return
  }
  const own = /^esdb(?:\+discover)?:\/\/([^/?]*@)/.exec(url)?.[1]
  const without = own === undefined ? url : url.replace(own, '')
  const cases = /[?&]tls=false/i.test(url)
    ? ([
        ['16', without],
        ['16 with credentials', without.replace('://', `://${own ?? 'admin:changeit@'}`)],
      ] as const)
    : ([['16 with credentials', url]] as const)
  for (const [which, at] of cases) yield await compared(which, at)
}

async function compared(which: string, url: string): Promise<Measurement> {
  const namespace = `b${randomBytes(6).toString('hex')}`
  const store = new EventStoreDbEventStore({ url, namespace })
  const client = EventStoreDBClient.connectionString(url)
  const ours = (forSeconds: number) =>
    rate(callers, forSeconds, (stream, n) =>
      store.append(stream, n === 0 ? 'no_stream' : BigInt(n - 1), [{ id: randomUUID(), type: 'Benched', data: payload, metadata }]),
    )
  const bare = (forSeconds: number) =>
    rate(callers, forSeconds, (stream, n) =>
      client.appendToStream(`${namespace}.${stream}`, jsonEvent({ id: randomUUID(), type: 'Benched', data: payload, metadata }), {
        expectedRevision: n === 0 ? NO_STREAM : BigInt(n - 1),
      }),
    )
  await ours(0.5)
  await bare(0.5)
  const pairs: { readonly ours: number; readonly baseline: number }[] = []
  for (let n = 0; n < rounds; n++) {
    // Whoever goes second in a pair meets a server that is a little busier: they take turns.
    if (n % 2 === 0) pairs.push({ baseline: await bare(seconds), ours: await ours(seconds) })
    else {
      const first = await ours(seconds)
      pairs.push({ ours: first, baseline: await bare(seconds) })
    }
  }
  await store.close()
  await client.dispose()
  return measured('eventstoredb', which, pairs)
}
