import { verifyInclusion } from '#merkle/proof'
import { parseTlogProof } from '#merkle/tlog-proof'
import type { TrustPolicy } from '#merkle/trust-policy'
import { leafHash, sameHash } from '#merkle/tree-hash'
import type { Bundle } from './bundle-folder.js'
import { proofFile, proofFiles } from './bundle-layout.js'
import type { Heads } from './check-heads.js'
import { parseEntry } from './leaf-header.js'
import { type Report, meaningOf } from './verdict.js'

/** Every proof of the bundle: it is of the event that its name says, under the checkpoint of the bundle, whoever else cosigned that. */
export function checkProofs(bundle: Bundle, { head, note }: Heads, policy: TrustPolicy, report: Report): void {
  const believed = new Set([note.toString('utf8')])
  const isHead = (checkpoint: string): boolean => {
    if (believed.has(checkpoint)) return true
    const { origin, size, root } = policy.open(checkpoint).checkpoint
    if (origin !== head.origin || size !== head.size || !sameHash(root, head.root)) return false
    believed.add(checkpoint)
    return true
  }
  for (const path of bundle.files().filter(file => file.startsWith(proofFiles))) {
    const fail = (what: string) => {
      report.found({ check: 'copies', result: 'failed', what: `${path}: ${what}` })
    }
    try {
      const { index, hashes, checkpoint, extra = Buffer.alloc(0) } = parseTlogProof(bundle.read(path) as Buffer)
      if (!isHead(checkpoint)) fail('It is under another checkpoint than the one of the bundle')
      else if (!verifyInclusion(index, head.size, leafHash(extra), hashes, head.root)) fail('The leaf is not where the proof says')
      else if (path !== proofFile(parseEntry(extra).id)) fail('It is of another event than its name says')
    } catch (error) {
      const { result, what } = meaningOf(error)
      report.found({ check: 'copies', result, what: `${path}: ${what}` })
    }
  }
}
