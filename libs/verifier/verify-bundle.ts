import { FormatError, Unsupported } from '#merkle/format-error'
import type { TrustPolicy } from '#merkle/trust-policy'
import type { Bundle } from './bundle-folder.js'
import { type Scope, parseScope, scopeFile } from './bundle-layout.js'
import { type OldNote, checkHeads } from './check-heads.js'
import { checkLeaves } from './check-leaves.js'
import { checkManifest } from './check-manifest.js'
import { Report } from './verdict.js'

/** How far a verification is; `of` may be 0 where nobody knows yet. */
export type Progress = (what: 'files' | 'leaves', done: number, of: number) => void

/**
 * Checks a bundle against a policy that whoever checks brings along, and against every checkpoint that they kept. Trusts nothing in the bundle, asks no network, and changes nothing.
 * @throws BundleUnreadable
 */
export async function verifyBundle(bundle: Bundle, policy: TrustPolicy, old: readonly OldNote[] = [], progress: Progress = () => undefined): Promise<{ readonly report: Report; readonly scope: Scope | undefined }> {
  const report = new Report()
  report.looked('manifest')
  await checkManifest(bundle, report, (done, of) => { progress('files', done, of) })
  const scope = scopeOf(bundle, report)
  const heads = checkHeads(bundle, policy, old, report)
  if (heads) report.looked('signature', 'witnesses')
  if (!scope || !heads) return { report, scope }
  report.looked('consistency', 'tree', 'headers', 'payloads', 'completeness', 'erasure', 'time')
  if (scope.log !== heads.head.origin || scope.size !== heads.head.size) report.found({ check: 'completeness', result: 'failed', what: 'The scope is of another log, or of another size, than the checkpoint' })
  checkLeaves(bundle, scope, heads, report, (done, of) => { progress('leaves', done, of) })
  return { report, scope }
}

function scopeOf(bundle: Bundle, report: Report): Scope | undefined {
  const bytes = bundle.read(scopeFile)
  if (!bytes) { report.found({ check: 'completeness', result: 'incomplete', what: `${scopeFile} is missing` }); return undefined }
  try { return parseScope(bytes) } catch (error) {
    if (error instanceof Unsupported) report.found({ check: 'completeness', result: 'unsupported', what: error.message })
    else if (error instanceof FormatError) report.found({ check: 'completeness', result: 'failed', what: error.message })
    else throw error
    return undefined
  }
}
