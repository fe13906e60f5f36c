import type { Sql } from 'postgres'
import type { EventCodec } from '#event-codec/codec'
import { newerIn, newerPattern } from '#kernel/newer-event'
import type { Part } from './health.js'

/** Whether a newer release writes this log too: what this process came upon, and what a worker of this release stopped at. */
export function releasePart(sql: Sql, codec: Pick<EventCodec, 'newer' | 'knows'>): () => Promise<Part> {
  const part = 'release'
  return async () => {
    const noted = await sql<{ error: string }[]>`
      select error from read_model.parked where error like ${newerPattern}
      union select error from process.unread where error like ${newerPattern} limit 20`.catch(() => [])
    const newer = new Set(codec.newer)
    for (const { error } of noted) {
      const what = newerIn(error)
      if (what !== undefined && !codec.knows(what)) newer.add(what)
    }
    if (newer.size === 0) return { part, ready: true }
    return {
      part,
      ready: true,
      why:
        `a newer release wrote into the log what this one cannot read: ${[...newer].sort().join(', ')}. Start that release; `
        + 'until then, what needs these events is answered WRITTEN_BY_NEWER_RELEASE.',
    }
  }
}
