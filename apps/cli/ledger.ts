import { writeFileSync } from 'node:fs'
import { erasureReport, isBorneOut, reportAsPage, reportInWords } from '#audit-papers/erasure-report'
import type { JsonObject } from '#kernel/json'
import { freezeLedger } from '#ledger/postgres/ledger-rows'
import { command, subjectOption } from './command.js'
import { signerKeys } from './signer-keys.js'
import { withBackend } from './with-backend.js'

export const ledgerCheckpoint = command({
  name: 'ledger checkpoint',
  group: 'audit',
  summary:
    'Prints the newest signed checkpoint of the audit ledger. Keep it: the ledger has to go on from it. '
    + 'Ends with 1 when nothing was signed yet.',
  options: {},
  run: (_, out) =>
    withBackend(async ({ backend: { ledger } }) => {
      const newest = await ledger.newest()
      if (!newest) {
        out.complain('found', 'Nothing was signed yet.')
        return 'found'
      }
      out.say({ ...newest.checkpoint }, newest.checkpoint.note.trimEnd())
      return 'done'
    }),
})

export const ledgerFreeze = command({
  name: 'ledger freeze',
  group: 'installation',
  summary:
    'Ends the audit ledger where it was signed last, for good: after a restore that does not lead to the same leaves again, '
    + 'when the signer refuses. Nothing of it is changed. A signer that was initialised with another origin begins the next one, '
    + 'which says where this one ended.',
  options: { origin: { takes: 'name', says: 'the ledger’s origin, so that nobody ends another.', matches: /^.{1,200}$/, required: true } },
  run: ({ origin }, out) =>
    withBackend(async ({ backend: { ledger, sql } }) => {
      const standing = await ledger.standing()
      if (standing?.origin !== origin) {
        out.complain('found', 'No ledger with this origin goes on.')
        return 'found'
      }
      await freezeLedger(sql)
      out.say({ frozen: origin, size: standing.size }, `The ledger ${origin} has ended with ${standing.size} leaves.`)
      return 'done'
    }),
})

export const ledgerVkey = command({
  name: 'ledger vkey',
  group: 'audit',
  summary:
    'Prints the public keys of the signer, for an auditor’s trust policy. Ask for them in another way, too: '
    + 'a policy that came with what it checks checks nothing.',
  options: {},
  run: async (_, out) => {
    for (const { vkey } of await signerKeys()) out.say({ vkey }, `log ${vkey}`)
    return 'done'
  },
})

export const ledgerProve = command({
  name: 'ledger prove',
  group: 'audit',
  summary: 'Writes the proof that an event is in the audit ledger. Ends with 1 while no checkpoint covers it.',
  options: {
    event: { takes: 'id', says: 'the event’s id, a UUID.', matches: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, required: true },
    out: { takes: 'file', says: 'where to; the terminal unless told.' },
  },
  run: ({ event, out: file }, out) =>
    withBackend(async ({ backend: { ledger } }) => {
      const covered = await ledger.proof(event.toLowerCase())
      if (covered.kind !== 'proved') {
        out.complain('found', 'No signed checkpoint covers an event with this id.')
        return 'found'
      }
      if (file === undefined) out.say({ proof: covered.proof }, covered.proof.trimEnd())
      else {
        writeFileSync(file, covered.proof)
        out.say(
          { wrote: file, index: covered.index, size: covered.size },
          `Leaf ${covered.index}, under the checkpoint of ${covered.size} leaves: ${file}`,
        )
      }
      return 'done'
    }),
})

export const ledgerErasureReport = command({
  name: 'ledger erasure-report',
  group: 'audit',
  summary:
    'Shows what can be shown of a person’s erasure: history goes on from before it, what was sealed is unchanged, '
    + 'and nothing opens it. Ends with 1 when nothing was erased, or not everything was found so.',
  options: { subject: { ...subjectOption, required: true }, out: { takes: 'file', says: 'write it as a page (HTML), with its proofs.' } },
  run: ({ subject, out: file }, out) =>
    withBackend(async ({ backend }) => {
      const report = await erasureReport(backend, subject.toLowerCase())
      if (!report) {
        out.complain('found', 'Nothing of a person with this reference was erased.')
        return 'found'
      }
      if (file !== undefined) writeFileSync(file, reportAsPage(report))
      if (out.json) out.say({ ...report, borneOut: isBorneOut(report) } as unknown as JsonObject, '')
      else for (const line of reportInWords(report)) out.say({}, line)
      return isBorneOut(report) ? 'done' : 'found'
    }),
})
