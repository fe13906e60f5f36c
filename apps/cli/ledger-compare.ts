import { readFileSync } from 'node:fs'
import { parseCheckpointText } from '#merkle/checkpoint'
import { parseNote } from '#merkle/note'
import { verifyConsistency } from '#merkle/proof'
import { sameHash } from '#merkle/tree-hash'
import { draw } from '#verifier/draw'
import { parseEntry } from '#verifier/leaf-header'
import { type BundledLeaf, leavesIn } from '#verifier/leaves'
import type { Bundle } from '#verifier/bundle-folder'
import type { Report } from '#verifier/verdict'
import { policyFor, withVerified } from './bundle-history.js'
import { UsageError, command } from './command.js'
import type { Ending } from './exit-codes.js'
import { endings } from './ledger-check.js'
import type { Out } from './out.js'
import { withBackend } from './with-backend.js'

const bundleOption = (says: string) => ({ takes: 'bundle', says, required: true }) as const
const policyOption = { takes: 'file', says: 'your trust policy. The installation’s own, or its signer’s keys, unless told.' } as const
const numberOption = /^\d{1,15}$/

export const ledgerConsistency = command({
  name: 'ledger consistency',
  group: 'audit',
  summary:
    'Shows whether the ledger goes on from a checkpoint that you kept, with the proof. Ends with 1 when it does not. '
    + 'Whether the checkpoint is the ledger’s own, verify.mjs says.',
  options: { old: { takes: 'file', says: 'the checkpoint.', required: true } },
  run: ({ old }, out) =>
    withBackend(async ({ backend: { ledger } }) => {
      const kept = parseCheckpointText(parseNote(readFileSync(old, 'utf8')).text)
      const newest = await ledger.newest()
      if (!newest) {
        out.complain('found', 'Nothing was signed yet.')
        return 'found'
      }
      const now = parseCheckpointText(parseNote(newest.checkpoint.note).text)
      if (kept.origin !== now.origin || kept.size > now.size || kept.size === 0) {
        out.complain(
          'found',
          kept.origin !== now.origin
            ? 'The checkpoint is of another ledger.'
            : kept.size === 0
              ? 'Nothing goes on from an empty ledger.'
              : `The checkpoint is of ${kept.size} leaves; the ledger has ${now.size}: its end was cut off.`,
        )
        return 'found'
      }
      const proof = await ledger.consistency(newest.log, kept.size, now.size)
      const goesOn = verifyConsistency(kept.size, now.size, proof, kept.root, now.root)
      const hashes = proof.map(hash => Buffer.from(hash).toString('base64'))
      out.say(
        { from: kept.size, to: now.size, consistent: goesOn, proof: hashes },
        [
          goesOn
            ? `The ledger of ${now.size} leaves goes on from the one of ${kept.size}. The proof:`
            : `The ledger of ${now.size} leaves does not go on from the one of ${kept.size}.`,
          ...(goesOn ? hashes : []),
        ].join('\n'),
      )
      return goesOn ? 'done' : 'found'
    }),
})

export const ledgerDiff = command({
  name: 'ledger diff',
  group: 'audit',
  summary:
    'Compares two bundles, leaf by leaf: which leaves differ, and how many one has more. Both are verified first. '
    + 'Ends with 1 when a leaf differs, or one is not what was signed. No database, no network.',
  options: { bundle: bundleOption('the older one, a folder or a zip.'), with: bundleOption('the newer one.'), policy: policyOption },
  run: async ({ bundle, with: other, policy }, out) => {
    const believed = await policyFor(policy)
    return withVerified(bundle, believed, (older, one) =>
      withVerified(other, believed, (newer, two): Ending => {
        const said = sayUnverified(out, { [bundle]: older, [other]: newer })
        const found = one && two ? compared(one, two, out) : undefined
        return found === 'found' ? found : (said ?? found ?? 'failed')
      }),
    )
  },
})

/** Of bundles that are not what was signed, or of which that cannot be told, it is said first; answers how the command then ends. */
function sayUnverified(out: Out, reports: Readonly<Record<string, Report>>): Ending | undefined {
  const unverified = Object.entries(reports).filter(([, { verdict }]) => verdict !== 'VERIFIED')
  for (const [name, { verdict, findings }] of unverified)
    out.complain(endings[verdict], `${name} is ${verdict}: ${findings[0]?.what ?? ''}. All that it was found: ledger verify --bundle.`)
  const [, worst] = unverified.find(([, { verdict }]) => verdict === 'FAILED') ?? unverified[0] ?? []
  return worst && endings[worst.verdict]
}

function compared(one: Bundle, two: Bundle, out: Out): Ending {
  const [ours, theirs] = [leavesIn(one), leavesIn(two)]
  let [same, differ, more] = [0, 0, 0]
  for (let [a, b] = [ours.next(), theirs.next()]; !a.done || !b.done; [a, b] = [ours.next(), theirs.next()]) {
    if (a.done || b.done) {
      more += b.done ? -1 : 1
      continue
    }
    if (sameHash(a.value.hash, b.value.hash)) {
      same++
      continue
    }
    differ++
    const { stream, rev, id } = headerOf(b.value) ?? headerOf(a.value) ?? { stream: '?', rev: '?', id: '?' }
    out.say({ index: a.value.index, stream, revision: rev, eventId: id }, `leaf ${a.value.index}, ${stream}@${rev}, event ${id}: differs`)
  }
  out.say(
    { same, differ, more },
    `${same} leaves are the same, ${differ} differ; the second has ${Math.abs(more)} ${more < 0 ? 'fewer' : 'more'}.`,
  )
  return differ > 0 || more < 0 ? 'found' : 'done'
}

export const ledgerSample = command({
  name: 'ledger sample',
  group: 'audit',
  summary:
    'Draws the sample of an audit again, from a bundle with the headers of all leaves: '
    + 'the same seed draws the same leaves. The bundle is verified first. No database, no network.',
  options: {
    bundle: bundleOption('a folder or a zip, made with --headers or --all.'),
    seed: { takes: 'hex', says: 'the seed, 64 hexadecimal digits.', matches: /^[0-9a-f]{64}$/, required: true },
    size: { takes: 'number', says: 'how many are drawn.', matches: numberOption, required: true },
    below: { takes: 'size', says: 'the size of the checkpoint that the sample was fixed by.', matches: numberOption, required: true },
    type: { takes: 'type', says: 'of one event type only.', matches: /^[A-Z][A-Za-z0-9]{0,63}$/ },
    from: { takes: 'time', says: 'the audit’s period, as RFC 3339 in UTC with milliseconds.' },
    to: { takes: 'time', says: 'its end.' },
    policy: policyOption,
  },
  run: async ({ bundle, seed, size, below, type, from, to, policy }, out) =>
    withVerified(bundle, await policyFor(policy), (report, read): Ending => {
      const said = sayUnverified(out, { [bundle]: report })
      if (!read || report.verdict === 'FAILED') return said ?? 'failed'
      const { population, leaves } = draw(headersIn(read), { seed, wanted: Number(size), below: Number(below), type, from, to })
      out.say({ verdict: report.verdict, population, leaves }, `Out of ${population}: ${leaves.join(', ')}`)
      return said ?? 'done'
    }),
})

const headerOf = ({ entry }: BundledLeaf) => entry && parseEntry(entry)

function* headersIn(bundle: Bundle) {
  for (const leaf of leavesIn(bundle)) {
    const header = headerOf(leaf)
    if (!header) throw new UsageError('The bundle has not the headers of all leaves: nobody can draw from what is not there.')
    yield { index: leaf.index, header }
  }
}

export const anchorStatus = command({
  name: 'ledger anchor status',
  group: 'audit',
  summary: 'Who saw the last checkpoints: the witnesses that cosigned each, and the time stamps.',
  options: {},
  run: (_, out) =>
    withBackend(async ({ backend: { ledger } }) => {
      const standing = await ledger.standing()
      const checkpoints = standing ? await ledger.anchors(standing.log, 20) : []
      for (const { size, signedAt, witnesses, stampedAt } of checkpoints) {
        const seenBy = witnesses.length === 0 ? 'no witness' : witnesses.join(', ')
        const stamped = stampedAt === undefined ? '' : `; stamped ${inWords(stampedAt)}`
        out.say(
          { size, signedAt, witnesses, ...(stampedAt === undefined ? {} : { stampedAt }) },
          `${String(size).padStart(9)} leaves, signed ${inWords(signedAt)}; ${seenBy}${stamped}`,
        )
      }
      if (checkpoints.length === 0) out.complain('found', 'Nothing was signed yet.')
      return checkpoints.length === 0 ? 'found' : 'done'
    }),
})

const inWords = (time: string) => time.slice(0, 19).replace('T', ' ')
