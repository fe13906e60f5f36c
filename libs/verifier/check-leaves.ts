import { FormatError } from '#merkle/format-error'
import { TreeEdge } from '#merkle/tree-edge'
import { sameHash } from '#merkle/tree-hash'
import type { Bundle } from './bundle-folder.js'
import type { Scope } from './bundle-layout.js'
import type { EarlierHead, Heads } from './check-heads.js'
import { type Exported, LeafChecks } from './leaf-checks.js'
import { TileMissing, leavesOf } from './leaves.js'
import type { Report } from './verdict.js'

/**
 * Every leaf once, in order: the root, the earlier roots, the headers, the payloads, what is there for reading, and what they say of keys
 * and of time. Answers the exports that the ledger has on record.
 */
export function checkLeaves(
  bundle: Bundle,
  scope: Scope,
  { head, earlier }: Heads,
  report: Report,
  progress: (done: number, of: number) => void,
): readonly Exported[] {
  const leaves = new LeafChecks(bundle, scope, report)
  const edge = new TreeEdge()
  const roots = new Map<number, EarlierHead[]>()
  for (const one of earlier) roots.set(one.checkpoint.size, [...(roots.get(one.checkpoint.size) ?? []), one])
  try {
    for (const leaf of leavesOf(bundle, { ...scope, size: head.size })) {
      edge.append(leaf.hash)
      for (const { checkpoint, from } of roots.get(edge.size) ?? [])
        if (!sameHash(edge.root(), checkpoint.root))
          report.found({ check: 'consistency', result: 'failed', what: `${from} has another root for the first ${edge.size} leaves` })
      leaves.leaf(leaf)
      if (edge.size % 10_000 === 0) progress(edge.size, head.size)
    }
  } catch (error) {
    leaves.stop()
    if (error instanceof TileMissing) report.found({ check: 'tree', result: 'incomplete', what: error.message })
    else if (error instanceof FormatError) report.found({ check: 'tree', result: 'failed', what: error.message })
    else throw error
    return []
  }
  if (!sameHash(edge.root(), head.root)) {
    report.found({ check: 'tree', result: 'failed', what: 'The leaves do not make the root that was signed' })
    leaves.end()
    return []
  }
  return leaves.end()
}
