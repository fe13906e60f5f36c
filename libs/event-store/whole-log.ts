import type { EventStore, WholeLog } from './event-store.js'

/** The whole log of a store in which nobody but us can write. */
export const allOurs = (store: Pick<EventStore, 'subscribe' | 'at' | 'head'>): WholeLog => ({
  async *follow(options) {
    for await (const item of store.subscribe(options))
      yield 'caughtUp' in item ? item : { ...item, data: { json: item.data }, metadata: { json: item.metadata } }
  },
  at: position => store.at(position),
  head: () => store.head(),
  outOfPlace: () => Promise.resolve([]),
  damageTo: () => Promise.resolve(undefined),
})
