import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { escapedJson, escapedLines } from '#kernel/characters'
import { FormatError } from '#merkle/format-error'
import { leafHash } from '#merkle/tree-hash'
import { checkTlogProof, parseTlogProof } from '#merkle/tlog-proof'
import { TrustPolicy } from '#merkle/trust-policy'
import { BundleUnreadable } from './bundle-folder.js'
import { certificatesIn } from './certificate.js'
import { type Verdict, exitCodes, meaningOf, verdictOf } from './verdict.js'
import { verifyAt } from './verify-bundle.js'
import { asJUnit, asJson, inWords } from './words.js'

const options = '[--old <checkpoint>]... [--tsa <certificates.pem>]... [--exported <later bundle>] [--json] [--junit <file>]'
const usage = `Usage: node verify.mjs <bundle, a folder or a zip> --policy <trust.policy> ${options}
       node verify.mjs <receipt.tlog-proof> --policy <trust.policy> [--json]

The policy is yours: a file with lines "log <key>", "witness <name> <key>" and "quorum <name or none>" (c2sp.org/tlog-policy).
--old names a checkpoint that you kept: the log has to go on from it.
--tsa names the certificate of a time-stamping authority that you believe.
--exported names a bundle of a later day: it has on record of this one, that it was made, and with which digest.
Ends with 0 VERIFIED, 1 FAILED, 3 INCOMPLETE, 4 UNSUPPORTED, 2 when it was not asked right or cannot read what was named, and 70 when it
failed itself: then nothing is said about the bundle. It opens no connection.`
const usageExit = 2
/** sysexits.h: a fault of the program itself. */
export const crashExit = 70

/** The verifier as a program of its own: one file, for Node 20 or newer, that needs nothing else. */
export async function main(words: readonly string[]): Promise<number> {
  let given: {
    values: { policy?: string; old?: string[]; tsa?: string[]; exported?: string; json?: boolean; junit?: string; help?: boolean }
    positionals: string[]
  }
  try {
    given = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        policy: { type: 'string' },
        old: { type: 'string', multiple: true },
        tsa: { type: 'string', multiple: true },
        exported: { type: 'string' },
        json: { type: 'boolean' },
        junit: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
  } catch {
    return misused()
  }
  const {
    values: { policy: policyFile, old = [], tsa = [], exported, json = false, junit, help = false },
    positionals: [what, ...more],
  } = given
  if (more.length > 0) return misused()
  if (help) {
    say(usage)
    return 0
  }
  if (what === undefined || policyFile === undefined) return misused()
  try {
    const policy = TrustPolicy.parse(readFileSync(policyFile), policyFile)
    if (what.endsWith('.tlog-proof')) return receipt(readFileSync(what), policy, json)
    const { report, scope } = await verifyAt(what, {
      policy,
      old: old.map(name => ({ name, note: readFileSync(name) })),
      authorities: tsa.flatMap(name => certificatesIn(readFileSync(name), name)),
      exported,
      progress: showProgress,
    })
    if (junit !== undefined) writeFileSync(junit, asJUnit(report))
    if (json) sayJson(asJson(report, scope))
    else for (const line of inWords(report)) say(line)
    return exitCodes[report.verdict]
  } catch (error) {
    const { message, code, syscall } = error as NodeJS.ErrnoException
    if (error instanceof FormatError || error instanceof BundleUnreadable) return told(message, usageExit)
    if (syscall !== undefined) return told(`A file that was named cannot be read or written: ${code ?? syscall}`, usageExit)
    return told(`The verifier itself failed, and says nothing about the bundle: ${message}`, crashExit)
  }
}

/** A proof by itself: its extra data are the leaf, or the 32 bytes of its hash. */
function receipt(bytes: Uint8Array, policy: TrustPolicy, json: boolean): number {
  const told = (verdict: Verdict, what: string) => {
    if (json) sayJson({ verdict, what })
    else say(`${what}\n${verdict}`)
    return exitCodes[verdict]
  }
  try {
    const proof = parseTlogProof(bytes)
    if (!proof.extra) return told('INCOMPLETE', 'The proof does not say of which leaf it is')
    const isHash = proof.extra.length === 32
    const { included, checkpoint, quorum, unchecked } = checkTlogProof(proof, isHash ? proof.extra : leafHash(proof.extra), policy)
    if (!included) return told('FAILED', 'The leaf is not where the proof says')
    if (unchecked.length > 0)
      return told('UNSUPPORTED', `${unchecked.join(', ')} cosigned with ML-DSA-44, which needs Node 24.6 or newer to be checked`)
    if (!quorum) return told('INCOMPLETE', 'The witnesses that the policy asks for did not see this checkpoint')
    return told(
      'VERIFIED',
      `Leaf ${proof.index} of ${checkpoint.origin}, under its checkpoint of ${checkpoint.size} leaves`
        + (isHash ? '; which event it is of, the ledger says' : `: ${proof.extra.toString('utf8')}`),
    )
  } catch (error) {
    const { result, what } = meaningOf(error)
    return told(verdictOf[result], what)
  }
}

function showProgress(what: string, done: number, of: number) {
  if (process.stderr.isTTY) process.stderr.write(`\r${what} ${done}/${of}${done === of ? '\n' : ''}`)
}
const misused = () => told(usage, usageExit)
function told(why: string, exit: number): number {
  process.stderr.write(`${escapedLines(why)}\n`)
  return exit
}
const sayJson = (answer: object) => {
  process.stdout.write(`${escapedJson(JSON.stringify(answer))}\n`)
}
const say = (text: string) => {
  // A bundle is somebody else's: what it says does nothing to the terminal.
  process.stdout.write(`${escapedLines(text)}\n`)
}
