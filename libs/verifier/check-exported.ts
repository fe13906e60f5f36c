import { createHash } from 'node:crypto'
import type { Bundle } from './bundle-folder.js'
import { type Scope, manifestFile, scopeDigestOf } from './bundle-layout.js'
import type { Exported } from './leaf-checks.js'
import type { Report } from './verdict.js'

/** A bundle that was made later, as it was checked, and what the ledger has on record in it of bundles that were made. */
export type Later = { readonly report: Report; readonly exports: readonly Exported[] }

export const manifestDigestOf = (bundle: Bundle) =>
  createHash('sha256')
    .update(bundle.read(manifestFile) ?? '')
    .digest('base64url')

/**
 * That a bundle is the one of which the ledger says that it was made: every bundle of a later day has that on record. Answers what that
 * vouches for: the scope, as it was asked for and counted; and every file below data, where the event names the digest of the manifest,
 * as it does since its version 3.
 */
export function checkExported(
  bundle: Bundle,
  scope: Scope,
  { report: later, exports }: Later,
  report: Report,
): 'SCOPE' | 'FILES' | undefined {
  const found = (result: 'failed' | 'incomplete', what: string) => {
    report.found({ check: 'completeness', result, what })
  }
  if (later.verdict !== 'VERIFIED') {
    found(later.verdict === 'FAILED' ? 'failed' : 'incomplete', 'The later bundle is not VERIFIED: nothing can be held against it')
    return undefined
  }
  const [scopeDigest, manifestDigest] = [scopeDigestOf(scope), manifestDigestOf(bundle)]
  const mine = exports.find(
    ({ data }) => data['scopeDigest'] === scopeDigest && (data['manifestDigest'] ?? manifestDigest) === manifestDigest,
  )
  if (!mine) {
    if (exports.some(({ data }) => isOfSameAsk(data, scope)))
      found('failed', 'The ledger says that such a bundle was made, with another digest: this is not it')
    else found('incomplete', 'The later bundle does not say that this one was made: ask for one of a later day')
    return undefined
  }
  report.remark('completeness', `Leaf ${mine.index} of the later bundle says that this bundle was made, with the digest that it has.`)
  return mine.data['manifestDigest'] === undefined ? 'SCOPE' : 'FILES'
}

const isOfSameAsk = (data: Exported['data'], { kind, stream, from, to, headers, size }: Scope) =>
  data['scope'] === kind
  && data['stream'] === stream
  && data['from'] === from
  && data['to'] === to
  && data['headers'] === headers
  && data['size'] === size
