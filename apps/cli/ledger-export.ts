import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Backend } from '#backend/backend'
import { machineFacts } from '#commands/machine-facts'
import { paperNumberPattern } from '#event-kit/paper-number'
import { type ExportRequest, exportBundle } from '#ledger/bundle/export-bundle'
import { LedgerJournal } from '#ledger/journal'
import { UsageError, command, subjectOption } from './command.js'
import { withBackend } from './with-backend.js'

export const verifierFile = join(dirname(fileURLToPath(import.meta.url)), '../../verify.mjs')
const paperNumber = new RegExp(paperNumberPattern)
const numberOption = /^\d{1,15}$/

export const ledgerExport = command({
  name: 'ledger export',
  group: 'audit',
  summary:
    'Writes a bundle that an auditor checks without us: leaves, what was stored (sealed), checkpoints and a verifier. '
    + 'That it was made goes on record. One of --all, --subject, --stream, or --from with --to.',
  options: {
    out: { takes: 'path', says: 'a folder that is not there yet; or, where it ends in .zip, a zip.', required: true },
    reference: {
      takes: 'number',
      says: 'what it is made for: the number of the audit, request or case, such as AUDIT-2026-1.',
      matches: paperNumber,
      required: true,
    },
    all: { says: 'Everything.' },
    subject: subjectOption,
    stream: { takes: 'stream', says: 'the name of a stream.', matches: /^[a-z]+(-[a-z0-9]+)*$/ },
    from: { takes: 'leaf', says: 'the first leaf in scope.', matches: numberOption },
    to: { takes: 'leaf', says: 'the first leaf that is not.', matches: numberOption },
    headers: {
      says:
        'The headers of all leaves, also outside the scope: they prove that nothing was left out, '
        + 'and say of everybody when something happened.',
    },
    approval: {
      takes: 'number',
      says: 'where the data protection officer approved the headers of all leaves, such as DPO-17; --all and --headers need it.',
      matches: paperNumber,
    },
  },
  run: ({ out: folder, reference, all, subject, stream, from, to, headers, approval }, out) => {
    const scope = scopeOf({ all, subject, stream, from, to })
    const full = headers || scope.kind === 'ALL'
    if (full && approval === undefined)
      throw new UsageError(
        'The headers of all leaves are about everybody: name the data protection officer’s approval with --approval <number>.',
      )
    return withBackend(async ({ backend, signal }) => {
      const request: ExportRequest = {
        scope,
        headers: full ? 'FULL' : 'SCOPED',
        reference,
        verifier: readFileSync(verifierFile, 'utf8'),
        record: async (made, manifestDigest) => {
          await journalOf(backend, made.log).exported(made, manifestDigest, approval)
        },
      }
      for await (const { done, of } of exportBundle(backend, request, folder, signal))
        out.progress({ what: 'leaves', done: BigInt(done), of: BigInt(of) })
      out.say({ wrote: folder }, `Wrote ${folder}. Check it: node verify.mjs ${folder} --policy <your trust policy>`)
      return 'done'
    })
  },
})

function scopeOf({
  all,
  subject,
  stream,
  from,
  to,
}: {
  readonly all: boolean
  readonly subject: string | undefined
  readonly stream: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
}): ExportRequest['scope'] {
  const named = [all, subject !== undefined, stream !== undefined, from !== undefined || to !== undefined].filter(Boolean).length
  if (named !== 1 || (from === undefined) !== (to === undefined) || Number(from ?? 0) > Number(to ?? 0))
    throw new UsageError('Name one scope: --all, --subject <ref>, --stream <name>, or --from <leaf> with a later --to <leaf>.')
  if (all) return { kind: 'ALL' }
  if (from !== undefined) return { kind: 'RANGE', from: Number(from), to: Number(to) }
  return { kind: 'STREAM', stream: stream ?? `person-${(subject as string).toLowerCase()}` }
}

export const journalOf = ({ store, folds, codec, clock }: Backend, origin: string) =>
  new LedgerJournal(store, folds, codec, clock, origin, { ...machineFacts(), purpose: 'AUDIT' })
