import type { TrustPolicy } from '#merkle/trust-policy'
import { type Bundle, BundleRefused } from './bundle-folder.js'
import type { Certificate } from './certificate.js'
import { type Scope, parseScope, scopeFile } from './bundle-layout.js'
import { type Unpacked, openedBundle } from './bundle-zip.js'
import { type OldNote, checkHeads } from './check-heads.js'
import { checkLeaves } from './check-leaves.js'
import { checkManifest } from './check-manifest.js'
import { checkPack } from './check-pack.js'
import { checkStamps } from './check-stamps.js'
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
  readonly progress?: Progress
}
export type Verified = { readonly report: Report; readonly scope: Scope | undefined }

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
    return { report, scope: undefined }
  } finally {
    opened?.discard()
  }
}

/**
 * Checks a bundle against a policy that whoever checks brings along, and against every checkpoint that they kept. Trusts nothing in the
 * bundle, asks no network, and changes nothing.
 * @throws BundleUnreadable
 */
export async function verifyBundle(
  bundle: Bundle,
  { policy, old = [], authorities = [], progress = () => undefined }: Verifying,
): Promise<Verified> {
  const report = new Report()
  report.looked('manifest')
  await checkManifest(bundle, report, (done, of) => {
    progress('files', done, of)
  })
  checkPack(bundle, policy, report)
  const scope = scopeOf(bundle, report)
  const heads = checkHeads(bundle, policy, old, report)
  if (heads) {
    report.looked('signature', 'witnesses')
    checkStamps(bundle, authorities, report)
  }
  if (!scope || !heads) return { report, scope }
  report.looked('consistency', 'tree', 'headers', 'payloads', 'completeness', 'erasure', 'time')
  if (scope.log !== heads.head.origin || scope.size !== heads.head.size)
    report.found({ check: 'completeness', result: 'failed', what: 'The scope is of another log, or of another size, than the checkpoint' })
  checkLeaves(bundle, scope, heads, report, (done, of) => {
    progress('leaves', done, of)
  })
  return { report, scope }
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
