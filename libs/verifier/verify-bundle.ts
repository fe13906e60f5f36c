import type { TrustPolicy } from '#merkle/trust-policy'
import { type Bundle, BundleRefused } from './bundle-folder.js'
import type { Certificate } from './certificate.js'
import { type Scope, ledgerStream, parseScope, scopeFile } from './bundle-layout.js'
import { type Unpacked, openedBundle } from './bundle-zip.js'
import { checkExported } from './check-exported.js'
import { type Heads, type OldNote, checkHeads } from './check-heads.js'
import { checkBagInfo } from './check-copies.js'
import { checkLeaves } from './check-leaves.js'
import { checkManifest } from './check-manifest.js'
import { checkPack } from './check-pack.js'
import { checkProofs } from './check-proofs.js'
import { checkStamps } from './check-stamps.js'
import { sayNotChecked } from './not-checked.js'
import type { Exported } from './leaf-checks.js'
import { Report, meaningOf } from './verdict.js'

/** How far a verification is; `of` may be 0 where nobody knows yet. */
type Progress = (what: 'files' | 'leaves', done: number, of: number) => void
/**
 * What whoever checks brings along: whom they believe, which checkpoints they kept, and the certificates of the time-stamping authorities
 * that they believe.
 */
export type Verifying = {
  readonly policy: TrustPolicy
  readonly old?: readonly OldNote[]
  readonly authorities?: readonly Certificate[]
  /** A bundle of a later day, in a folder or a zip: the ledger has on record in it that this one was made. */
  readonly exported?: string | undefined
  readonly progress?: Progress
}
/** `exports` is what the ledger's own leaves, in this bundle, say of bundles that were made. */
export type Verified = { readonly report: Report; readonly scope: Scope | undefined; readonly exports: readonly Exported[] }

/** Checks a bundle that stands in a folder, or in a zip: see `verifyBundle`. @throws BundleUnreadable */
export async function verifyAt(path: string, asked: Verifying): Promise<Verified> {
  let opened: Unpacked | undefined
  try {
    opened = await openedBundle(path)
    return await verifyBundle(opened.bundle, asked)
  } catch (error) {
    if (!(error instanceof BundleRefused)) throw error
    const report = new Report()
    report.found({ check: 'manifest', result: error.result, what: error.message })
    return { report, scope: undefined, exports: [] }
  } finally {
    opened?.discard()
  }
}

/**
 * Checks a bundle against a policy that whoever checks brings along, and against every checkpoint that they kept. Trusts nothing in the
 * bundle, asks no network, and changes nothing. Whatever the bundle says is proved, or derived from what is and compared, or listed in
 * the report as not checked.
 * @throws BundleUnreadable
 */
export async function verifyBundle(
  bundle: Bundle,
  { policy, old = [], authorities = [], exported, progress = () => undefined }: Verifying,
): Promise<Verified> {
  const report = new Report()
  report.looked('manifest')
  const compareDigests = checkManifest(bundle, report)
  const isSignedPack = checkPack(bundle, policy, report)
  const scope = scopeOf(bundle, report)
  const heads = checkHeads(bundle, policy, old, report)
  if (heads) {
    report.looked('signature', 'witnesses')
    checkStamps(bundle, authorities, report)
  }
  const exports = scope && heads ? checkContent(bundle, scope, heads, { policy, report, progress }) : []
  compareDigests((done, of) => {
    progress('files', done, of)
  })
  const onRecord =
    exported !== undefined && scope && heads
      ? checkExported(bundle, scope, await verifyAt(exported, { policy, old: [{ name: 'the earlier bundle', note: heads.note }] }), report)
      : undefined
  // Whoever signed the digest of the manifest vouches for all that it names.
  if (isSignedPack || onRecord === 'FILES') for (const path of bundle.files()) if (path.startsWith('data/')) bundle.compared(path)
  sayNotChecked(bundle, scope, isSignedPack || onRecord !== undefined, report)
  return { report, scope, exports }
}

/** What the checkpoint proves, and what is derived from that. */
function checkContent(
  bundle: Bundle,
  scope: Scope,
  heads: Heads,
  { policy, report, progress }: { readonly policy: TrustPolicy; readonly report: Report; readonly progress: Progress },
): readonly Exported[] {
  report.looked('consistency', 'tree', 'headers', 'payloads', 'copies', 'completeness', 'erasure', 'time')
  if (scope.log !== heads.head.origin || scope.size !== heads.head.size)
    report.found({ check: 'completeness', result: 'failed', what: 'The scope is of another log, or of another size, than the checkpoint' })
  else if (scope.ledgerStream !== ledgerStream(heads.head.origin))
    report.found({
      check: 'completeness',
      result: 'failed',
      what: 'The scope names another stream as the one in which the ledger speaks of itself',
    })
  checkBagInfo(bundle, scope, report)
  const exports = checkLeaves(bundle, scope, heads, report, (done, of) => {
    progress('leaves', done, of)
  })
  checkProofs(bundle, heads, policy, report)
  return exports
}

function scopeOf(bundle: Bundle, report: Report): Scope | undefined {
  const bytes = bundle.read(scopeFile)
  if (!bytes) {
    report.found({ check: 'completeness', result: 'incomplete', what: `${scopeFile} is missing` })
    return undefined
  }
  try {
    return parseScope(bytes)
  } catch (error) {
    report.found({ check: 'completeness', ...meaningOf(error) })
    return undefined
  }
}
