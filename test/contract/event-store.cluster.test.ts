import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { appendForSure } from '#event-store/append-for-sure'
import { StoreUnavailable } from '#event-store/event-store'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import { runWorker } from '../../apps/worker/worker.js'
import { allExamples } from '../support/all-examples.js'
import { metadata } from '../support/metadata.js'
import { newNamespace } from '../support/eventstoredb.js'
import { approveErasure, refer } from '../support/people.js'
import { world } from '../support/world.js'

/**
 * A cluster of three whose leader is killed under load. EVENTSTOREDB_CLUSTER_URL names the three nodes
 * (`esdb://a,b,c?nodePreference=leader…`, without TLS), and EVENTSTOREDB_CLUSTER_KILL a program that kills the node on the HTTP port it
 * is given.
 */
const [url, kill] = [process.env['EVENTSTOREDB_CLUSTER_URL'], process.env['EVENTSTOREDB_CLUSTER_KILL']]

describe('event-store contract [eventstoredb cluster]', () => {
  if (!url || !kill) {
    test.skip('EVENTSTOREDB_CLUSTER_URL and EVENTSTOREDB_CLUSTER_KILL are not set', () => undefined)
    return
  }

  async function leader(): Promise<number> {
    const nodes = /^esdb:\/\/([^/?]+)/.exec(url ?? '')?.[1]?.split(',') ?? []
    for (const node of nodes) {
      const answer = await fetch(`http://${node}/gossip`).catch(() => undefined)
      if (!answer?.ok) continue
      const { members } = (await answer.json()) as { members: readonly { state: string; isAlive: boolean; httpEndPointPort: number }[] }
      const found = members.find(member => member.isAlive && member.state === 'Leader')
      if (found) return found.httpEndPointPort
    }
    throw new Error('the cluster has no leader')
  }

  test('its leader killed under load: nothing acknowledged is lost or twice there, and projections and processes go on', async () => {
    const w = await world({ kind: 'eventstoredb', url, namespace: newNamespace() })
    const stop = new AbortController()
    const working = runWorker(w, w.dir, pino({ level: 'silent' }), stop.signal)
    try {
      const acknowledged = new Map<string, string[]>()
      const people: SubjectRef[] = []
      let go = true
      const appending = Array.from({ length: 6 }, async () => {
        const stream = `access-${randomUUID().slice(0, 8)}-20261101`
        const ids: string[] = []
        acknowledged.set(stream, ids)
        while (go) {
          const { events } = await w.codec.encode([{ id: randomUUID(), ...allExamples['RecordAccessed']!, metadata }])
          await untilStored(() => appendForSure(w.store, stream, ids.length === 0 ? 'no_stream' : BigInt(ids.length - 1), events))
          ids.push(events[0]!.id)
        }
      })
      const referring = Array.from({ length: 2 }, async () => {
        while (go) {
          const subjectRef = randomUUID() as SubjectRef
          await untilStored(() => refer(w, subjectRef))
          people.push(subjectRef)
        }
      })
      await enough(() => people.length >= 10)
      const erased = people[0] as SubjectRef
      const erasing = untilStored(() => approveErasure(w, erased))
      expect(spawnSync(kill, [String(await leader())]).status).toBe(0)
      const before = people.length
      await enough(() => people.length >= before + 10)
      go = false
      await Promise.all([...appending, ...referring, erasing])
      for (const [stream, ids] of acknowledged) {
        const stored: string[] = []
        for await (const { id } of w.store.readStream(stream)) stored.push(id)
        expect(stored).toEqual(ids)
      }
      const head = (await w.store.head()) ?? 0n
      await enough(() => w.readModels.allHavePassed(head))
      await enough(async () => (await w.folds.load(person, erased)).state.erasures.certificates.length === 1)
      for (const subjectRef of people) {
        const types: string[] = []
        for await (const { type } of w.store.readStream(`person-${subjectRef}`)) types.push(type)
        expect(types.filter(type => type === 'ReferralReceived')).toHaveLength(1)
      }
    } finally {
      stop.abort()
      await working
      await w.end()
    }
  }, 120_000)
})

/** The caller's duty: what may not have been stored is sent again. */
async function untilStored<T>(what: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 60_000; ;) {
    try {
      return await what()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || Date.now() > deadline) throw error
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function enough(reached: () => boolean | Promise<boolean>) {
  for (const deadline = Date.now() + 60_000; !(await reached());) {
    if (Date.now() > deadline) throw new Error('it never came that far')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
