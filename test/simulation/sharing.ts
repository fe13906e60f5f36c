import type { Commands } from '#commands/commands'
import { systemFacts } from '#commands/machine-facts'
import { sharingPolicyOf } from '#commands/sharing-policy'
import type { DecodedEvent } from '#event-codec/codec'
import { fold } from '#decider/decider'
import { examples } from '#domain/person/examples'
import { DisclosureDispatched, type DisclosureEvent } from '#domain/person/disclosure/events'
import { type SharingFacts, type ShareData, shareData } from '#domain/person/disclosure/share-data'
import { whyNotToSend } from '#domain/person/disclosure/looked-at-again'
import { type Person, type PersonEvent, person } from '#domain/person/person'
import type { Decision } from '#decider/decider'
import type { SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { defaultPack } from '#policy/default-pack'
import { policyNames } from '#policy/events'
import { type PolicyFacts, policy, policyFacts } from '#policy/policy'

type DisclosureId = ShareData['disclosureId']
const published = policyNames.map(name => fold(policy.evolve, policy.initial, defaultPack[name] as never))
export const policiesInForce = (now: string): PolicyFacts => policyFacts(published, now)

/** A consent to what is shared below, as a form said it. */
export const consent =
  (subjectRef: SubjectRef, now: string): Decision<Person, PersonEvent, never> =>
  () =>
    accept([
      {
        ...examples.ConsentGranted,
        data: { ...examples.ConsentGranted.data, subjectRef, completedAt: now, validUntil: undefined, evidence: undefined },
      },
    ])
const facts = (now: string): SharingFacts => ({ policy: sharingPolicyOf(policiesInForce(now)), now, digest: () => 'D'.repeat(43) })
export const share = (subjectRef: SubjectRef, disclosureId: DisclosureId, now: string) =>
  shareData.decide(
    {
      disclosureId,
      subjectRef,
      recipient: 'DWP-JCP',
      purpose: 'EMPLOYMENT_SUPPORT',
      categories: ['EMP'],
      fields: ['EMP.status'],
      method: 'SECURE_EMAIL',
      urgency: 'ROUTINE',
      confidentialityBasis: 'CONSENT',
      necessity: Personal.of('their words'),
    },
    facts(now),
  )

/** The planted fault: looks, hands over, and records whatever came in between. */
export async function lookThenSend(
  commands: Commands,
  state: Person,
  { disclosureId, subjectRef, now }: { readonly disclosureId: DisclosureId; readonly subjectRef: SubjectRef; readonly now: string },
  handOver: () => Promise<void>,
) {
  const disclosure = state.disclosures.get(disclosureId)
  if (disclosure?.state !== 'QUEUED' || whyNotToSend(state, disclosureId, facts(now)).length > 0) return
  await handOver()
  const own = { purpose: 'SERVICE_PROVISION', correlationId: disclosureId, commandId: disclosureId, command: 'Planted' }
  const sent: DisclosureEvent = DisclosureDispatched.of({ disclosureId, subjectRef, transport: 'SIM', sentAt: now })
  await commands.execute({ aggregate: person, id: subjectRef, facts: systemFacts(own), takesTurns: false, decide: () => accept([sent]) })
}

const ends = ['ErasureApproved', 'ErasureFenced', 'ConsentWithdrawn', 'ConsentRefused']
/** Nothing is released behind what forbids it, nothing is sent behind an erasure, and nothing leaves that was not released. */
export function* sentAsItMay(events: readonly DecodedEvent[], left: ReadonlySet<string>) {
  const released = new Set<string>()
  for (const stream of new Set(events.map(event => event.stream))) {
    const ended = new Set<string>()
    for (const { type, data } of events.filter(event => event.stream === stream)) {
      if (ends.includes(type)) ended.add(type)
      if (type === 'ConsentGranted') for (const one of ['ConsentWithdrawn', 'ConsentRefused']) ended.delete(one)
      if (type === 'DisclosureReleased') released.add((data as { disclosureId: string }).disclosureId)
      if (type === 'DisclosureReleased' && ended.size > 0) yield `a disclosure is released behind ${[...ended].join(' and ')}`
      if (type === 'DisclosureDispatched' && (ended.has('ErasureApproved') || ended.has('ErasureFenced')))
        yield 'a disclosure is sent behind an erasure'
    }
  }
  for (const one of left) if (!released.has(one)) yield 'a disclosure left that was not released'
}
