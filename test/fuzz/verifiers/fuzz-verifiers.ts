import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crashExit } from '#verifier/main'
import { Random } from '../../support/random.js'
import { type Answer, BothVerifiers, areSame } from './both.js'
import { type Honest, type Keys, honestBundles } from './honest.js'
import { type Case, mutated } from './mutations.js'
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
    return isDifferent
  }
  try {
    for (const honest of bundles)
      if (only === undefined) {
        const { one, words } = written(new Random(seed), join(folder, `honest-${bundles.indexOf(honest)}`), caseOf(honest), false)
        await ask(-1, honest.name, words, one.changes)
      }
    let nth = 0
    for (; nth < mutations && !(signal?.aborted ?? false); nth++) {
      if (only !== undefined && nth !== only) continue
      const dice = new Random((seed * 1_000_003 + nth) | 0)
      const honest = dice.pick(bundles)
      const place = join(folder, String(nth))
      const { one, words } = changedCase(dice, place, honest, keys)
      if (!(await ask(nth, honest.name, words, one.changes))) rmSync(place, { recursive: true, force: true })
      if (nth % 500 === 499) tell(nth + 1)
    }
    return { mutations: nth, verdicts, differences }
  } finally {
    await both.end()
    if (differences.length === 0) rmSync(folder, { recursive: true, force: true })
  }
}

const caseOf = ({ files, policy, old, tsa }: Honest): Case => ({
  files: new Map(files),
  policy: Buffer.from(policy),
  old: old.map(note => Buffer.from(note)),
  tsa: tsa.map(pem => Buffer.from(pem)),
  receipt: undefined,
  beside: [],
  changes: [],
})

function changedCase(dice: Random, place: string, honest: Honest, keys: Keys) {
  const one = caseOf(honest)
  const kind = dice.below(10)
  const proofs = [...one.files].filter(([path]) => path.endsWith('.tlog-proof'))
  if (kind === 0 && proofs.length > 0) one.receipt = cosigned(dice.pick(proofs)[1], one.files.get('data/log/checkpoint')!)
  if (kind <= 2 && !one.receipt) {
    one.changes.push('a zip')
    return written(dice, place, one, true)
  }
  mutated(dice, one, keys)
  return written(dice, place, one, false)
}
/** A proof with the checkpoint that witnesses saw. */
const cosigned = (proof: Buffer, note: Buffer) => Buffer.concat([proof.subarray(0, proof.indexOf('\n\n') + 2), note])

/** Puts a case on a disk, and says how to ask of it. */
function written(dice: Random, place: string, one: Case, isZip: boolean): { readonly one: Case; readonly words: readonly string[] } {
  mkdirSync(place, { recursive: true })
  const file = (name: string, content: Buffer) => {
    writeFileSync(join(place, name), content)
    return join(place, name)
  }
  const words = ['--policy', file('policy', one.policy), '--json']
  one.old.forEach((note, n) => words.push('--old', file(`old-${n}`, note)))
  one.tsa.forEach((pem, n) => words.push('--tsa', file(`tsa-${n}.pem`, pem)))
  if (one.receipt) words.unshift(file('receipt.tlog-proof', one.receipt))
  else if (isZip) words.unshift(file('bundle.zip', zipOf(dice, one.files, 'bundle', !dice.oneIn(10))))
  else words.unshift(folderOf(join(place, 'bundle'), one))
  return { one, words }
}

function folderOf(folder: string, { files, beside }: Case): string {
  mkdirSync(folder, { recursive: true })
  for (const [path, content] of files)
    try {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    } catch {
      // A name that this disk does not take: then it is not there, for both.
    }
  for (const { path, kind } of beside)
    if (kind === 'folder') mkdirSync(join(folder, path), { recursive: true })
    else if (kind === 'link') symlinkSync('/etc/hostname', join(folder, path))
    else writeFileSync(Buffer.concat([Buffer.from(join(folder, path, '/')), Buffer.from([0x61, 0xff])]), 'x')
  return folder
}
