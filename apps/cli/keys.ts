import { type Scope, scopes } from '#event-kit/scope'
import { type KeyPlace, reconcileKeys } from '#installation/reconcile-keys'
import { replaceSubjectKey } from '#installation/replace-key'
import { rotateKeys } from '#installation/rotate-keys'
import type { SubjectRef } from '#kernel/id'
import type { RotationStep } from '#subject-keys/postgres/rotation'
import { type Command, UsageError, optionsOf, say } from './command.js'
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
      list('REPLACE AGAIN', found.toReplace, 'replaced once because somebody else may know them, by what this log does not hold: ask for keys replace again')
      return found.toReplace.length + found.lost.length + found.undead.length + found.fencesLost.length > 0 ? 1 : 0
    })
  },
}

function list(what: string, keys: readonly KeyPlace[], meaning: string) {
  if (keys.length === 0) return
  say(`${what}  ${keys.length}: ${meaning}`)
  for (const { kid, subject, scope } of keys) say(`  ${kid}  ${scope}  of ${subject}`)
}

/** For a key that somebody else may know, or to erase one field of a scope. */
export const replace: Command = {
  name: 'keys replace',
  usage: 'keys replace --subject <ref> --scope <scope> [--without <field>]',
  summary: 'Seals a person’s scope again under the next generation of its key and destroys the old one; --without leaves one field out, which erases it.',
  run: async args => {
    const { subject, scope, without } = optionsOf(args, ['subject', 'scope', 'without'])
    if (!subject || !/^[0-9a-f-]{36}$/i.test(subject)) throw new UsageError('--subject is the reference of a person, a UUID.')
    if (!scopes.includes(scope as Scope)) throw new UsageError(`--scope is one of ${scopes.join(', ')}.`)
    return withBackend(async ({ backend }) => {
      const { kept, kid } = await replaceSubjectKey(backend, { subjectRef: subject.toLowerCase() as SubjectRef, scope: scope as Scope, cause: without === undefined ? 'COMPROMISED' : 'FIELD_ERASED', without })
      say(`${kept} fields were sealed again; the key ${kid} is destroyed.`)
      return 0
    })
  },
}
