import type { Checkpoint } from '#merkle/checkpoint'
import { NoKnownKey } from '#merkle/format-error'
import type { TrustPolicy, TrustedCheckpoint } from '#merkle/trust-policy'
import { sameHash } from '#merkle/tree-hash'
import type { Bundle } from './bundle-folder.js'
import { anchors, checkpointFile } from './bundle-layout.js'
import { type Check, type Report, meaningOf } from './verdict.js'

/** A checkpoint that has to be a beginning of the newest one, and where it came from. */
export type EarlierHead = { readonly checkpoint: Checkpoint; readonly from: string }
export type Heads = { readonly head: Checkpoint; /** As it was signed. */ readonly note: Buffer; readonly earlier: readonly EarlierHead[] }
/** A checkpoint that whoever verifies has kept. */
export type OldNote = { readonly name: string; readonly note: Uint8Array | string }

/**
 * The newest checkpoint of the bundle, and every other that has to agree with it. Undefined where the newest cannot be believed: then
 * nothing below it can.
 */
export function checkHeads(bundle: Bundle, policy: TrustPolicy, old: readonly OldNote[], report: Report): Heads | undefined {
  const note = bundle.read(checkpointFile)
  if (note === undefined) {
    report.found({ check: 'signature', result: 'incomplete', what: 'The bundle has no checkpoint' })
    return undefined
  }
  const head = opened('signature', 'the checkpoint', note, policy, report)
  if (!head) return undefined
  for (const name of policy.unsupported)
    report.remark('signature', `The policy trusts ${name}, whose kind of key this verifier does not know: it counts as not having signed.`)
  const bundled = bundle
    .files()
    .filter(path => (path.startsWith('data/checkpoints/') || path.startsWith(anchors)) && path.endsWith('.note'))
    .map(path => ({ name: path, note: bundle.read(path) ?? '' }))
  const others = [...bundled, ...old].flatMap(({ name, note: text }) => {
    const trusted = opened('consistency', name, text, policy, report)
    return trusted ? [{ name, trusted }] : []
  })
  for (const {
    name,
    trusted: { checkpoint },
  } of others)
    agree(head.checkpoint, checkpoint, name, report)
  const anchored = Math.max(
    0,
    ...[head, ...others.map(({ trusted }) => trusted)]
      .filter(({ quorum, checkpoint }) => quorum && checkpoint.size <= head.checkpoint.size)
      .map(({ checkpoint }) => checkpoint.size),
  )
  sayAnchored(head, anchored, policy, report)
  return {
    head: head.checkpoint,
    note,
    earlier: others
      .map(({ name, trusted }) => ({ checkpoint: trusted.checkpoint, from: name }))
      .filter(({ checkpoint }) => checkpoint.size > 0 && checkpoint.size < head.checkpoint.size),
  }
}

function opened(check: Check, name: string, note: Uint8Array | string, policy: TrustPolicy, report: Report): TrustedCheckpoint | undefined {
  try {
    return policy.open(note)
  } catch (error) {
    const { result, what } = meaningOf(error)
    // A key that the policy does not list says nothing, neither good nor bad.
    report.found({
      check,
      result,
      what: error instanceof NoKnownKey ? `No key of a log that the policy trusts signed ${name}` : `${name}: ${what}`,
    })
    return undefined
  }
}

/** What two checkpoints say of each other without the leaves between them. */
function agree(head: Checkpoint, other: Checkpoint, name: string, report: Report) {
  const fail = (what: string) => {
    report.found({ check: 'consistency', result: 'failed', what })
  }
  if (other.origin !== head.origin) report.found({ check: 'consistency', result: 'incomplete', what: `${name} is of another log` })
  else if (other.size > head.size)
    fail(`${name} is of ${other.size} leaves, and this log has ${head.size}: its end was cut off, or it is not the newest`)
  else if (other.size === head.size && !sameHash(other.root, head.root))
    fail(`${name} has another root for the same ${head.size} leaves: the log showed two histories`)
}

function sayAnchored(head: TrustedCheckpoint, anchored: number, policy: TrustPolicy, report: Report) {
  const { size } = head.checkpoint
  for (const { name, time } of head.witnessed)
    report.remark('witnesses', `${name} saw ${size} leaves at ${new Date(time * 1_000).toISOString()}`)
  if (policy.isMetBy(new Set())) {
    report.remark('witnesses', 'The policy asks for no witness: the log alone vouches for itself.')
    return
  }
  if (anchored === 0 && head.unchecked.length > 0)
    report.found({
      check: 'witnesses',
      result: 'unsupported',
      what: `${head.unchecked.join(', ')} cosigned with ML-DSA-44, which needs Node 24.6 or newer to be checked`,
    })
  else if (anchored === 0)
    report.found({ check: 'witnesses', result: 'incomplete', what: 'No checkpoint was seen by the witnesses that the policy asks for' })
  else if (anchored < size)
    report.remark(
      'witnesses',
      `Anchored up to leaf ${anchored - 1}; `
        + `the leaves ${anchored} to ${size - 1} were not yet seen by the witnesses that the policy asks for.`,
    )
}
