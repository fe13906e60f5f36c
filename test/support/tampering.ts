import { randomUUID } from 'node:crypto'
import type { EventStoreChoice } from '#hosting/settings'
import { newNamespace } from './eventstoredb.js'
import { bundleOf, journalOf, publish, sequence, testSigner } from './ledger.js'
import { refer } from './people.js'
import { world } from './world.js'
import type { ServerUnderTest } from './eventstoredb.js'

/** The stores under which the ledger’s papers are tampered with: one, or both where a server is there. */
export const storesWith = (server: ServerUnderTest): readonly EventStoreChoice[] => [
  { kind: 'postgres' },
  ...('none' in server ? [] : [{ kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() }]),
]
export const event = () => ({ id: randomUUID(), type: 'Tried', data: { n: 1 }, metadata: {} })

export type Tampered = Awaited<ReturnType<typeof toTamperWith>>
/** A ledger with a person, one stream of six events among others, all of it signed; and a bundle of it. */
export async function toTamperWith(choice: EventStoreChoice) {
  const [stream, events] = [`tried-${randomUUID()}`, Array.from({ length: 6 }, event)]
  const [w, signer] = [await world(choice), await testSigner()]
  await journalOf(w, signer).open(signer.key.vkey)
  await refer(w)
  await w.store.append(stream, 'no_stream', events)
  await w.store.append(`tried-${randomUUID()}`, 'no_stream', Array.from({ length: 300 }, event))
  await sequence(w, signer)
  await publish(w, signer)
  const { log } = (await w.ledger.standing())!
  const first = (await w.ledger.leafOfEvent(log, events[0]!.id))!.index
  const index = (n: number) => first + n
  return {
    w,
    signer,
    bundle: await bundleOf(w, signer, { kind: 'ALL' }),
    stream,
    events,
    index,
    place: (n: number) => ({ index: index(n), stream, revision: String(n), eventId: events[n]!.id }),
    end: async () => {
      await w.end()
      await signer.stop()
    },
  }
}
