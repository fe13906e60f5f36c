import { type RecoveryStep, recover } from '#installation/recover'
import { reconcileKeys } from '#installation/reconcile-keys'
import { type Command, optionsOf, say } from './command.js'
import { withBackend } from './with-backend.js'

const inWords = (step: RecoveryStep): string | undefined => {
  switch (step.step) {
    case 'gate': {
      const { rewound, undead, refenced, reinstated, lost } = step.report
      return [
        rewound ? 'The event store is not the one that the vault knew: it was read again from its start.' : 'The event store is the one that the vault knew.',
        `Keys that had come back, destroyed again: ${undead}. Fences put back into the log: ${refenced}. Keys lost: ${lost.length}.`,
        ...(reinstated > 0 ? [`Keys that had been replaced, by what this log does not hold: ${reinstated}. See caseledger keys reconcile.`] : []),
      ].join('\n')
    }
    case 'rebuilding': return undefined
    case 'rebuilt': return `The projection ${step.projection} was rebuilt from the log.`
    case 'reset': return `The process ${step.process} begins again from the start of the log.`
  }
}

/** Exit code 1 when keys are lost: somebody has to decide about a newer back-up or a breach of availability. */
export const recoverAfterRestore: Command = {
  name: 'recover',
  usage: 'recover',
  summary: 'After a restore, with the service stopped: applies every erasure, puts lost fences back, and begins again what stands where the log does not bear it out.',
  run: async args => {
    optionsOf(args, [])
    return withBackend(async ({ backend, signal }) => {
      for await (const step of recover(backend, signal)) {
        const words = inWords(step)
        if (words !== undefined) say(words)
      }
      const { live, erased, lost, orphans } = await reconcileKeys(backend)
      say(`Keys now: ${live} live, ${erased} erased, ${lost.length} lost, ${orphans.length} orphans.`)
      return lost.length > 0 ? 1 : 0
    })
  },
}
