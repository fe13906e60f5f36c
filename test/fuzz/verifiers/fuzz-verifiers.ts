import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crashExit } from '#verifier/main'
import { Random } from '../../support/random.js'
import { type Answer, BothVerifiers, areSame } from './both.js'
import { type Honest, type Keys, honestBundles } from './honest.js'
import { mutated } from './mutations.js'
import { caseOf, written } from './written.js'
import { zipOf } from './zip-writer.js'

type Difference = {
  readonly seed: number
  readonly nth: number
  readonly of: string
  readonly changes: readonly string[]
  /** How to ask of it again: what differed stays on the disk. */
  readonly words: readonly string[]
  readonly first: Answer
  readonly second: Answer
}
export type VerifiersSummary = {
  readonly mutations: number
  /** What was said of the bundles before they were changed. */
  readonly honest: Readonly<Record<string, string>>
  /** How often each verdict was given; a code where there was none. */
  readonly verdicts: Readonly<Record<string, number>>
  readonly differences: readonly Difference[]
}
export type VerifiersRun = {
  readonly seed: number
  readonly mutations: number
  /** Only this one of them, as it was. */
  readonly only?: number
  readonly tell?: (done: number) => void
  readonly signal?: AbortSignal
}

/**
 * Changes honest bundles, receipts and policies in as many ways, and asks both verifiers of each. What they say may not differ in the exit
 * code, the verdict, or which checks found what. The same seed makes the same changes of a bundle whose ids and keys are new.
 */
export async function fuzzVerifiers({ seed, mutations, only, tell = () => undefined, signal }: VerifiersRun): Promise<VerifiersSummary> {
  const { bundles, keys } = await honestBundles()
  const both = new BothVerifiers()
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-fuzz-'))
  const [differences, verdicts]: [Difference[], Record<string, number>] = [[], {}]
  const ask = async (nth: number, of: string, words: readonly string[], changes: readonly string[]) => {
    const { first, second } = await both.answers(words)
    const verdict = first.verdict ?? String(first.code)
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
    const isDifferent = !areSame(first, second) || first.code === crashExit
    if (isDifferent) differences.push({ seed, nth, of, changes, words, first, second })
    return { isDifferent, verdict }
  }
  const unchanged: Record<string, string> = {}
  try {
    for (const honest of bundles)
      if (only === undefined) {
        const { one, words } = written(join(folder, `honest-${bundles.indexOf(honest)}`), caseOf(honest))
        unchanged[honest.name] = (await ask(-1, honest.name, words, one.changes)).verdict
      }
    let nth = 0
    for (; nth < mutations && !(signal?.aborted ?? false); nth++) {
      if (only !== undefined && nth !== only) continue
      const dice = new Random((seed * 1_000_003 + nth) | 0)
      const honest = dice.pick(bundles)
      const place = join(folder, String(nth))
      const { one, words } = changedCase(dice, place, honest, keys)
      if (!(await ask(nth, honest.name, words, one.changes)).isDifferent) rmSync(place, { recursive: true, force: true })
      if (nth % 500 === 499) tell(nth + 1)
    }
    return { mutations: nth, honest: unchanged, verdicts, differences }
  } finally {
    await both.end()
    if (differences.length === 0) rmSync(folder, { recursive: true, force: true })
  }
}

function changedCase(dice: Random, place: string, honest: Honest, keys: Keys) {
  const one = caseOf(honest)
  const kind = dice.below(10)
  const proofs = [...one.files].filter(([path]) => path.endsWith('.tlog-proof'))
  if (kind === 0 && proofs.length > 0) one.receipt = cosigned(dice.pick(proofs)[1], one.files.get('data/log/checkpoint')!)
  if (kind <= 2 && !one.receipt) {
    one.changes.push('a zip')
    return written(place, one, zipOf(dice, one.files, 'bundle', !dice.oneIn(10)))
  }
  mutated(dice, one, keys)
  return written(place, one)
}
/** A proof with the checkpoint that witnesses saw. */
const cosigned = (proof: Buffer, note: Buffer) => Buffer.concat([proof.subarray(0, proof.indexOf('\n\n') + 2), note])
