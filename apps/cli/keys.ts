import { type KeyPlace, reconcileKeys } from '#installation/reconcile-keys'
import { rotateKeys } from '#installation/rotate-keys'
import type { RotationStep } from '#subject-keys/postgres/rotation'
import { type Command, optionsOf, say } from './command.js'
import { withBackend } from './with-backend.js'

const inWords = (step: RotationStep) => {
  switch (step.step) {
    case 'opened': return `Epoch ${step.epoch} is open.`
    case 'rewrapped': return `Wrapped anew: ${step.keys} keys, ${step.tokens} search tokens.`
    case 'backed-up': return 'A back-up of the vault was taken, and every key in it proven.'
    case 'destroyed': return `The key of epoch ${step.epoch} is destroyed: copies made before it open nothing any more.`
  }
}

/** Architecture §5. Resumable: what an interrupted rotation left is finished first. */
export const rotate: Command = {
  name: 'keys rotate',
  usage: 'keys rotate',
  summary: 'Wraps every key anew and destroys the old key-encryption key, so that old copies open nothing.',
  run: async args => {
    optionsOf(args, [])
    return withBackend(async ({ backend, dir, signal }) => {
      for await (const step of rotateKeys(backend, dir, signal)) say(inWords(step))
      return 0
    })
  },
}

/** What log, vault and journal say about every key. Exit code 1 when keys are lost, have come back, or a fence is missing. */
export const reconcile: Command = {
  name: 'keys reconcile',
  usage: 'keys reconcile',
  summary: 'Compares log, vault and revocation journal: live, erased, LOST, UNDEAD and ORPHAN keys. Changes nothing.',
  run: async args => {
    optionsOf(args, [])
    return withBackend(async ({ backend }) => {
      const found = await reconcileKeys(backend)
      say(`live    ${found.live}\nerased  ${found.erased}`)
      list('LOST', found.lost, 'announced, never fenced, and not in the vault: their data cannot be read. Restore a newer vault, or report a breach of availability')
      list('UNDEAD', found.undead, 'erased, and in the vault all the same: the next start destroys them before anything is opened')
      list('ORPHAN', found.orphans, 'in the vault and never announced: harmless, or of a part of the log that is missing')
      if (found.fencesLost.length > 0) say(`FENCES MISSING  ${found.fencesLost.length} destroyed keys are not fenced in the log: the next start puts the fences back`)
      return found.lost.length + found.undead.length + found.fencesLost.length > 0 ? 1 : 0
    })
  },
}

function list(what: string, keys: readonly KeyPlace[], meaning: string) {
  if (keys.length === 0) return
  say(`${what}  ${keys.length}: ${meaning}`)
  for (const { kid, subject, scope } of keys) say(`  ${kid}  ${scope}  of ${subject}`)
}
