import { readFileSync } from 'node:fs'
import type { RecordedEvent } from '#event-store/event-store'
import { witnessing } from '#hosting/settings'
import type { JsonObject } from '#kernel/json'
import { SignerUnavailable } from '#ledger/signer-client'
import { TrustPolicy } from '#merkle/trust-policy'
import { type Bundle, BundleRefused } from '#verifier/bundle-folder'
import { payloadOfLine } from '#verifier/bundle-layout'
import { openedBundle } from '#verifier/bundle-zip'
import { parseEntry } from '#verifier/leaf-header'
import { leavesIn } from '#verifier/leaves'
import { Report } from '#verifier/verdict'
import { verifyBundle } from '#verifier/verify-bundle'
import { UsageError } from './command.js'
import { signerKeys } from './signer-keys.js'

/**
 * Whom a command that reads bundles believes: the trust policy that was named; else the installation's own; else the keys of its signer.
 * @throws UsageError where there is none of them
 */
export async function policyFor(named: string | undefined): Promise<TrustPolicy> {
  const file = named ?? witnessing().policyFile
  if (file !== undefined) return TrustPolicy.parse(readFileSync(file), file)
  try {
    return TrustPolicy.parse(`${(await signerKeys()).map(({ vkey }) => `log ${vkey}\n`).join('')}quorum none\n`)
  } catch (error) {
    if (!(error instanceof SignerUnavailable)) throw error
    throw new UsageError('A bundle is read once it is verified: name your trust policy with --policy.')
  }
}

/**
 * A bundle, verified before anything of it is used. The work is handed the bundle as it was verified, and undefined where nothing of it
 * can be read. @throws BundleUnreadable
 */
export async function withVerified<T>(
  path: string,
  policy: TrustPolicy,
  work: (report: Report, bundle: Bundle | undefined) => T | Promise<T>,
): Promise<T> {
  let opened: Awaited<ReturnType<typeof openedBundle>> | undefined
  try {
    opened = await openedBundle(path)
  } catch (error) {
    if (!(error instanceof BundleRefused)) throw error
    const report = new Report()
    report.found({ check: 'manifest', result: error.result, what: error.message })
    return work(report, undefined)
  }
  try {
    const { report } = await verifyBundle(opened.bundle, { policy })
    return await work(report, opened.bundle)
  } finally {
    opened.discard()
  }
}

/** One stream of a bundle that was verified, as it was stored: sealed, without a database. */
export function* historyIn(bundle: Bundle, stream: string): Generator<RecordedEvent> {
  for (const { entry, data, metadata } of leavesIn(bundle)) {
    const header = entry && parseEntry(entry)
    if (header?.stream !== stream) continue
    const [stored, more] = [payloadOfLine(data), payloadOfLine(metadata)]
    if (!stored || !more) continue
    const { id, type, rev, pos, created } = header
    yield {
      id,
      type,
      stream,
      revision: BigInt(rev),
      position: BigInt(pos),
      recordedAt: created,
      data: JSON.parse(stored.bytes.toString('utf8')) as JsonObject,
      metadata: JSON.parse(more.bytes.toString('utf8')) as JsonObject,
    }
  }
}
