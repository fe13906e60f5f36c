import type { JsonObject } from '#kernel/json'
import { checkTlogProof, parseTlogProof } from '#merkle/tlog-proof'
import { leafHash } from '#merkle/tree-hash'
import type { TrustPolicy } from '#merkle/trust-policy'
import type { Bundle } from './bundle-folder.js'
import { auditFiles, packEvent, packProof } from './bundle-layout.js'
import { manifestDigestOf } from './check-exported.js'
import { digestOf, parseEntry } from './leaf-header.js'
import { parseStrictJson } from './strict-json.js'
import { type Report, meaningOf } from './verdict.js'

/**
 * Of a pack: the log holds an event that names the digest of its manifest. So the log's signer vouches for every file that the manifest
 * names; answers whether that is so. Without it, the papers of an audit are nobody's.
 */
export function checkPack(bundle: Bundle, policy: TrustPolicy, report: Report): boolean {
  const [proofText, event] = [packProof, packEvent].map(path => bundle.read(path))
  if (proofText === undefined && event === undefined && !bundle.files().some(path => path.startsWith(auditFiles))) return false
  if (proofText === undefined || event === undefined) {
    report.found({ check: 'manifest', result: 'incomplete', what: `A pack has ${packProof} and ${packEvent}, which sign it` })
    return false
  }
  try {
    const proof = parseTlogProof(proofText)
    const header = proof.extra && parseEntry(proof.extra)
    const { included, quorum, unchecked } = checkTlogProof(proof, leafHash(proof.extra ?? Buffer.alloc(0)), policy)
    const signed = digestOf('jcs', event)
    const wrong =
      !included || header?.type !== 'AuditPackMade'
        ? 'The proof of the pack is not of a pack'
        : header.data.sha256 !== signed.sha256 || header.data.len !== signed.len
          ? 'The event of the pack is not the one that was signed'
          : digestIn(event) !== manifestDigestOf(bundle)
            ? 'The manifest is not the one that was signed'
            : undefined
    if (wrong !== undefined) report.found({ check: 'manifest', result: 'failed', what: wrong })
    else if (unchecked.length > 0)
      report.found({
        check: 'manifest',
        result: 'unsupported',
        what: `${unchecked.join(', ')} cosigned the checkpoint of the pack with ML-DSA-44, which needs Node 24.6 or newer to be checked`,
      })
    else if (!quorum)
      report.found({
        check: 'manifest',
        result: 'incomplete',
        what: 'The witnesses that the policy asks for did not see the checkpoint of the pack',
      })
    else {
      report.remark(
        'manifest',
        `It is a pack: leaf ${proof.index} of the log holds the digest of this manifest, so that every file is signed.`,
      )
      return true
    }
  } catch (error) {
    const { result, what } = meaningOf(error)
    report.found({ check: 'manifest', result, what: `${packProof}: ${what}` })
  }
  return false
}

function digestIn(event: Uint8Array): unknown {
  const value = parseStrictJson(event, packEvent)
  return typeof value === 'object' && value !== null ? (value as JsonObject)['manifestDigest'] : undefined
}
