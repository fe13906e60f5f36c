import type { Backend } from '#backend/backend'
import { type HandoverServices, carryOutHandover, handoverBegunBy } from '#processes/handover'
import { supportedBy } from '#read-models/caseload/queries'
import { project } from './world.js'

/** Carries out, each time that it is asked, what the log has begun of handovers since, as a worker does it: each once. */
export function handingOver(backend: Backend) {
  const { sql, store, codec, commands, folds, clock, readModels } = backend
  const parts: HandoverServices = { commands, folds, clock, supportedBy: (...asked) => supportedBy(sql, readModels, ...asked) }
  const done = new Set<string>()
  return async () => {
    await project(backend)
    for await (const stored of store.readAll()) {
      const work = handoverBegunBy(codec.decode(stored))
      if (!work || done.has(work.workId)) continue
      await carryOutHandover(work, parts)
      done.add(work.workId)
    }
    await project(backend)
  }
}
