import { newId } from '#commands/ids'
import { audit } from '#domain/audit/audit'
import { type Mandate, audits } from '#domain/audit/audits'
import { AuditPackMade } from '#domain/audit/events'
import { canonicalJson } from '#event-kit/canonical'
import { resting } from '#event-store/patience'
import type { AuditId } from '#kernel/id'
import { accept } from '#kernel/result'
import type { ExportRequest } from '#ledger/bundle/export-bundle'
import type { TrustPolicy } from '#merkle/trust-policy'
import { systemFacts } from '#commands/machine-facts'
import { packEvent, packProof } from '#verifier/bundle-layout'
import { sheetOf } from './audit-sheet.js'
import type { Backend } from '#backend/backend'

/** No checkpoint covered the pack in time, or none that the witnesses saw: is a signer running? */
export class PackNotSigned extends Error {
  constructor() {
    super(
      'No checkpoint that the witnesses of the policy saw covered the pack within two minutes. '
        + 'Are the signer, and enough witnesses, running? Nothing was written; make the pack again.',
    )
  }
}
const patience = 120_000
const askAgainEvery = 500

/** @throws StoreUnavailable */
export const auditOf = async ({ folds }: Pick<Backend, 'folds'>, auditId: string): Promise<Mandate | undefined> =>
  (await folds.load(audits, 'main')).state.get(auditId)

/**
 * What a pack has more than a bundle of the audit's own stream: the audit, a sheet for each leaf that was drawn, and the proof that the
 * ledger holds the digest of all of it, by a checkpoint that the witnesses of the policy saw.
 */
export function packParts(
  backend: Backend,
  mandate: Mandate,
  policy: TrustPolicy,
  signal: AbortSignal,
): Required<Pick<ExportRequest, 'files' | 'seal'>> {
  return { files: filesOf(backend, mandate), seal: digest => sealed(backend, mandate.auditId, digest, policy, signal) }
}

async function* filesOf(backend: Backend, mandate: Mandate) {
  const { samples, findings } = (await backend.folds.load(audit, mandate.auditId)).state
  // The words of findings stay sealed: whoever may read them reads them in the service.
  const told = [...findings.values()].map(({ words: _, answered, ...finding }) => ({
    ...finding,
    ...(answered ? { answered: { answer: answered.answer, at: answered.at } } : {}),
  }))
  yield { name: 'audit.json', content: `${JSON.stringify({ ...mandate, samples: [...samples.values()], findings: told }, undefined, 2)}\n` }
  for (const index of new Set([...samples.values()].flatMap(({ drawn }) => drawn?.leaves ?? []))) {
    const sheet = await sheetOf(backend, index)
    if (sheet) yield { name: `sheets/${index}.json`, content: `${JSON.stringify(sheet, undefined, 2)}\n` }
  }
}

async function sealed(
  { commands, store, ledger, clock }: Backend,
  auditId: AuditId,
  manifestDigest: string,
  policy: TrustPolicy,
  signal: AbortSignal,
) {
  const checkpointSize = (await ledger.standing())?.size ?? 0
  const facts = systemFacts({ purpose: 'AUDIT', correlationId: newId(), commandId: newId(), command: 'MakeAuditPack' })
  const made = await commands.execute({
    aggregate: audit,
    id: auditId,
    facts,
    decide: () => accept([AuditPackMade.of({ auditId, manifestDigest, checkpointSize, at: clock.now() })]),
  })
  const event = made.kind === 'accepted' ? made.events[0] : undefined
  if (!event) throw new Error('The audit’s stream was written to by somebody else: make the pack again')
  const { eventId, revision } = event.meta
  const proof = await proofOf(ledger, eventId, policy, AbortSignal.any([signal, AbortSignal.timeout(patience)]))
  if (proof === undefined) {
    signal.throwIfAborted()
    throw new PackNotSigned()
  }
  for await (const { data } of store.readStream(`audit-${auditId}`, { from: revision, limit: 1 }))
    return [
      { path: packEvent, content: canonicalJson(data) },
      { path: packProof, content: proof },
    ]
  throw new Error('The event store does not hold what was just written to it')
}

async function proofOf(ledger: Backend['ledger'], eventId: string, policy: TrustPolicy, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const covered = await ledger.proof(eventId, 'entry', note => policy.open(note).quorum)
    if (covered.kind === 'proved') return covered.proof
    await resting(askAgainEvery, signal)
  }
  return undefined
}
