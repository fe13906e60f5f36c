import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Backend } from '#backend/backend'
import { erasureReport, isBorneOut, reportAsPage, reportInWords } from '#audit-papers/erasure-report'
import { signedLast, signerPlace } from '#hosting/signer-place'
import type { JsonObject } from '#kernel/json'
import { type ExportRequest, exportBundle } from '#ledger/bundle/export-bundle'
import { LedgerJournal } from '#ledger/journal'
import { fsck } from '#ledger/postgres/fsck'
import { freezeLedger } from '#ledger/postgres/ledger-rows'
import { SignerClient, SignerUnavailable } from '#ledger/signer-client'
import { signerOnDisk } from '#ledger/signer-folder'
import { type VerifierKey, parseVerifierKey } from '#merkle/note-key'
import { TrustPolicy } from '#merkle/trust-policy'
import { machineFacts } from '#commands/machine-facts'
import type { Scope } from '#verifier/bundle-layout'
import type { Report, Verdict } from '#verifier/verdict'
import { verifyAt } from '#verifier/verify-bundle'
import { certificatesIn } from '#verifier/time-stamp'
import { asJson, inWords } from '#verifier/words'
import { UsageError, command, subjectOption } from './command.js'
import type { Ending } from './exit-codes.js'
import type { Out } from './out.js'
import { withBackend } from './with-backend.js'

export const verifierFile = join(dirname(fileURLToPath(import.meta.url)), '../../verify.mjs')
const policyOption = {
  takes: 'file',
  says: 'your trust policy: lines "log <key>", "witness <name> <key>", "quorum <name or none>".',
} as const
const codeOption = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/
const numberOption = /^\d{1,15}$/
/** The words and codes of verify.mjs. */
const endings: { readonly [V in Verdict]: Ending } = { VERIFIED: 'done', FAILED: 'found', INCOMPLETE: 'failed', UNSUPPORTED: 'unreachable' }

/** Of the signer that runs, or of its folder where it does not. @throws SignerUnavailable */
async function signerKeys(): Promise<readonly VerifierKey[]> {
  const { folder, socket } = signerPlace()
  try {
    return (await new SignerClient(socket).vkeys()).map(parseVerifierKey)
  } catch (error) {
    const onDisk = error instanceof SignerUnavailable ? signerOnDisk(folder) : undefined
    if (!onDisk) throw error
    return onDisk.keys
  }
}

function tell(out: Out, report: Report, scope?: Scope, more: JsonObject = {}) {
  if (out.json) out.say({ ...more, ...asJson(report, scope) }, '')
  else for (const line of inWords(report)) out.say({}, line)
}

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

export const ledgerFsck = command({
  name: 'ledger fsck',
  group: 'audit',
  summary:
    'Checks the audit ledger against what was signed and, with --deep, against every event in the event store: '
    + 'names exactly what differs. Ends with 1 when something does.',
  options: {
    deep: { says: 'Read the event store, too.' },
    policy: { ...policyOption, says: 'whose keys to believe; the signer’s unless told.' },
  },
  run: ({ deep, policy }, out) =>
    withBackend(async ({ backend, signal }) => {
      const keys = policy === undefined ? await signerKeys() : TrustPolicy.parse(readFileSync(policy)).logs
      const checking = fsck(backend, keys, { deep, signal, signed: signedLast() })
      let step = await checking.next()
      for (; !step.done; step = await checking.next())
        out.progress({ what: 'leaves', done: BigInt(step.value.done), of: BigInt(step.value.of) })
      tell(out, step.value, undefined, { deep })
      return step.value.verdict === 'VERIFIED' ? 'done' : 'found'
    }),
})

export const ledgerExport = command({
  name: 'ledger export',
  group: 'audit',
  summary:
    'Writes a bundle that an auditor checks without us: leaves, what was stored (sealed), checkpoints and a verifier. '
    + 'That it was made goes on record. One of --all, --subject, --stream, or --from with --to.',
  options: {
    out: { takes: 'path', says: 'a folder that is not there yet; or, where it ends in .zip, a zip.', required: true },
    reference: { takes: 'code', says: 'what it is made for: the audit, request or case.', matches: codeOption, required: true },
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
      takes: 'code',
      says: 'where the data protection officer approved the headers of all leaves; --all and --headers need it.',
      matches: codeOption,
    },
  },
  run: ({ out: folder, reference, all, subject, stream, from, to, headers, approval }, out) => {
    const scope = scopeOf({ all, subject, stream, from, to })
    const full = headers || scope.kind === 'ALL'
    if (full && approval === undefined)
      throw new UsageError(
        'The headers of all leaves are about everybody: name the data protection officer’s approval with --approval <code>.',
      )
    return withBackend(async ({ backend, signal }) => {
      const request: ExportRequest = {
        scope,
        headers: full ? 'FULL' : 'SCOPED',
        reference,
        verifier: readFileSync(verifierFile, 'utf8'),
        record: async made => {
          await journalOf(backend, made.log).exported(made, approval)
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

export const ledgerVerify = command({
  name: 'ledger verify',
  group: 'audit',
  summary: 'Checks a bundle, as verify.mjs does: no database, no network. Ends with 0 VERIFIED, 1 FAILED, 3 INCOMPLETE, 4 UNSUPPORTED.',
  options: {
    bundle: { takes: 'bundle', says: 'a folder or a zip.', required: true },
    policy: { ...policyOption, required: true },
    old: { takes: 'file', says: 'a checkpoint that you kept.' },
    tsa: { takes: 'file', says: 'the certificate of a time-stamping authority that you believe, as PEM.' },
  },
  run: async ({ bundle, policy, old, tsa }, out) => {
    const { report, scope } = await verifyAt(bundle, {
      policy: TrustPolicy.parse(readFileSync(policy)),
      old: old === undefined ? [] : [{ name: old, note: readFileSync(old, 'utf8') }],
      authorities: tsa === undefined ? [] : certificatesIn(readFileSync(tsa, 'utf8')),
      progress: (what, done, of) => {
        if (of > 0 && done === of) out.progress({ what, done: BigInt(done), of: BigInt(of) })
      },
    })
    tell(out, report, scope)
    return endings[report.verdict]
  },
})
