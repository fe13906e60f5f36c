import { FormatError, NoKnownKey, SignatureRefused, Unsupported } from '#merkle/format-error'

/** What a verifier looks at, in this order. Each has a verdict of its own. */
export const checks = {
  manifest: 'The files are those of the manifest',
  signature: 'The log that the policy trusts signed the checkpoint',
  witnesses: 'The witnesses that the policy asks for saw it',
  stamps: 'Time-stamping authorities that you believe stamped it',
  tree: 'The leaves make the root that was signed',
  consistency: 'Every earlier checkpoint is a beginning of this one',
  headers: 'Leaves are canonical, in order, and chained by stream',
  payloads: 'What was stored is what the leaves say',
  copies: 'What is there for reading says what the leaves say',
  completeness: 'Nothing of the scope is missing',
  erasure: 'Erased values are still there, as they were, sealed',
  time: 'The log was alive',
} as const
export type Check = keyof typeof checks

/**
 * `failed`: not what was signed. `incomplete`: something is missing, so that it cannot be told. `unsupported`: of a version that this
 * verifier does not know.
 */
export type Result = 'ok' | 'failed' | 'incomplete' | 'unsupported'
export type Finding = {
  readonly check: Check
  readonly result: Exclude<Result, 'ok'>
  readonly what: string
  readonly index?: number
  readonly stream?: string
  readonly revision?: string
  readonly eventId?: string
}
export type Verdict = 'VERIFIED' | 'FAILED' | 'INCOMPLETE' | 'UNSUPPORTED'
export const exitCodes: { readonly [V in Verdict]: number } = { VERIFIED: 0, FAILED: 1, INCOMPLETE: 3, UNSUPPORTED: 4 }

/** A bundle may be wrong in every leaf: so many findings a check are kept, and the rest is counted. */
const kept = 100

/** What was found, check by check. */
export class Report {
  readonly findings: Finding[] = []
  /** What is worth saying of a check, whatever its result: what was looked at, what was not, what a reader should know. */
  readonly remarks: { readonly check: Check; readonly what: string }[] = []
  /** What nobody looked at, by its name, and why: it may say anything. */
  readonly notChecked: string[] = []
  readonly #counts = new Map<string, number>()
  readonly #looked = new Set<Check>()

  /** Says that these were looked at: of the others nothing is said. */
  looked(...at: readonly Check[]) {
    for (const check of at) this.#looked.add(check)
  }

  found(finding: Finding) {
    const count = (this.#counts.get(finding.check) ?? 0) + 1
    this.#counts.set(finding.check, count)
    if (count <= kept) this.findings.push(finding)
  }
  remark(check: Check, what: string) {
    this.remarks.push({ check, what })
  }

  leave(what: string) {
    this.notChecked.push(what)
  }

  /** How many findings a check had, also those that were not kept. */
  count(check: Check): number {
    return this.#counts.get(check) ?? 0
  }

  resultOf(check: Check): Result | 'not checked' {
    const found = this.findings.filter(finding => finding.check === check).map(({ result }) => result)
    return found.length === 0 && !this.#looked.has(check) ? 'not checked' : worst(found)
  }
  get verdict(): Verdict {
    return verdictOf[worst(this.findings.map(({ result }) => result))]
  }
}
const bySeverity: readonly Result[] = ['failed', 'unsupported', 'incomplete', 'ok']
/**
 * What it means for a check that something is not of its format, or not signed as it says. @throws the error itself, where it is about
 * neither
 */
export function meaningOf(error: unknown): Pick<Finding, 'result' | 'what'> {
  if (error instanceof Unsupported) return { result: 'unsupported', what: error.message }
  if (error instanceof NoKnownKey) return { result: 'incomplete', what: error.message }
  if (error instanceof FormatError || error instanceof SignatureRefused) return { result: 'failed', what: error.message }
  throw error
}

export const verdictOf: { readonly [R in Result]: Verdict } = {
  failed: 'FAILED',
  unsupported: 'UNSUPPORTED',
  incomplete: 'INCOMPLETE',
  ok: 'VERIFIED',
}
const worst = (results: readonly Result[]): Result => bySeverity.find(result => results.includes(result)) ?? 'ok'
