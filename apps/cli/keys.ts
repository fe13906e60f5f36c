import { type Scope, scopes } from '#event-kit/scope'
import { type KeyPlace, reconcileKeys } from '#key-keeping/reconcile-keys'
import { replaceSubjectKey, replacementOf } from '#key-keeping/replace-key'
import { rotateKeys, rotationAhead } from '#key-keeping/rotate-keys'
import type { SubjectRef } from '#kernel/id'
import type { RotationStep } from '#subject-keys/postgres/rotation'
import { command, dryRunOption, subjectOption } from './command.js'
import type { Out } from './out.js'
import { withBackend } from './with-backend.js'

const inWords = (step: RotationStep) => {
  switch (step.step) {
    case 'opened':
      return `Epoch ${step.epoch} is open.`
    case 'rewrapped':
      return `Wrapped anew: ${step.keys} keys, ${step.tokens} search tokens.`
    case 'backed-up':
      return 'A back-up of the vault was taken, and every key in it proven.'
    case 'destroyed':
      return `The key of epoch ${step.epoch} is destroyed: copies made before it open nothing any more.`
  }
}

/** Resumable: what an interrupted rotation left is finished first. */
export const rotate = command({
  name: 'keys rotate',
  group: 'keys',
  summary: 'Wraps every key anew and destroys the old key-encryption key, so that old copies open nothing.',
  options: { 'dry-run': dryRunOption },
  run: ({ 'dry-run': dryRun }, out) =>
    withBackend(async ({ backend, dir, signal }) => {
      if (dryRun) {
        const { keys, tokens, epochs } = await rotationAhead(backend)
        out.say(
          { dryRun: true, keys, tokens, epochs },
          `It would wrap ${keys} keys and ${tokens} search tokens anew, take a back-up of the vault and prove it, `
            + `and destroy the key of epoch ${epochs.join(', ')}.`,
        )
        return 'done'
      }
      for await (const step of rotateKeys(backend, dir, signal)) out.say(step, inWords(step))
      return 'done'
    }),
})

/** What log, vault and journal say about every key. */
export const reconcile = command({
  name: 'keys reconcile',
  group: 'keys',
  summary:
    'Compares log, vault and revocation journal: live, erased, LOST, UNDEAD and ORPHAN keys. Changes nothing. '
    + 'Ends with 1 when keys are lost, have come back or are to be replaced again, or a fence is missing.',
  options: {},
  run: (_, out) =>
    withBackend(async ({ backend }) => {
      const found = await reconcileKeys(backend)
      out.say({ live: found.live, erased: found.erased }, `live    ${found.live}\nerased  ${found.erased}`)
      list(
        out,
        'LOST',
        found.lost,
        'announced, never fenced, and not in the vault: their data cannot be read. '
          + 'Restore a newer vault, or report a breach of availability',
      )
      list(out, 'UNDEAD', found.undead, 'erased, and in the vault all the same: the next start destroys them before anything is opened')
      list(out, 'ORPHAN', found.orphans, 'in the vault and never announced: harmless, or of a part of the log that is missing')
      if (found.fencesLost.length > 0)
        out.say(
          { found: 'FENCES MISSING', kids: found.fencesLost },
          `FENCES MISSING  ${found.fencesLost.length} destroyed keys are not fenced in the log: the next start puts the fences back`,
        )
      list(
        out,
        'REPLACE AGAIN',
        found.toReplace,
        'replaced once because somebody else may know them, by what this log does not hold: ask for keys replace again',
      )
      return found.toReplace.length + found.lost.length + found.undead.length + found.fencesLost.length > 0 ? 'found' : 'done'
    }),
})

function list(out: Out, found: string, keys: readonly KeyPlace[], meaning: string) {
  if (keys.length === 0) return
  out.say(
    { found, keys },
    [`${found}  ${keys.length}: ${meaning}`, ...keys.map(({ kid, subject, scope }) => `  ${kid}  ${scope}  of ${subject}`)].join('\n'),
  )
}

/** For a key that somebody else may know, or to erase one field of a scope. */
export const replace = command({
  name: 'keys replace',
  group: 'keys',
  summary:
    'Seals a person’s scope again under the next generation of its key and destroys the old one; '
    + '--without leaves one field out, which erases it.',
  options: {
    subject: { ...subjectOption, required: true },
    scope: { takes: 'scope', says: 'the part of the record.', oneOf: scopes, required: true },
    without: { takes: 'field', says: 'a field of the record, such as CON.phone.' },
    'dry-run': dryRunOption,
  },
  run: ({ subject, scope, without, 'dry-run': dryRun }, out) =>
    withBackend(async ({ backend }) => {
      const asked = {
        subjectRef: subject.toLowerCase() as SubjectRef,
        scope: scope as Scope,
        cause: without === undefined ? ('COMPROMISED' as const) : ('FIELD_ERASED' as const),
        without,
      }
      if (dryRun) {
        const { kid, fields } = await replacementOf(backend, asked)
        out.say(
          { dryRun: true, kid, fields },
          `It would open ${fields.length} fields (on record), seal them again, and destroy the key ${kid}.`,
        )
        return 'done'
      }
      const { kept, kid } = await replaceSubjectKey(backend, asked)
      out.say({ kept, destroyed: kid }, `${kept} fields were sealed again; the key ${kid} is destroyed.`)
      return 'done'
    }),
})
