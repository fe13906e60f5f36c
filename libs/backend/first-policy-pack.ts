import { derivedId } from '#commands/ids'
import { Policies } from '#commands/policies-in-force'
import { accept } from '#kernel/result'
import { defaultPack } from '#policy/default-pack'
import { policyNames } from '#policy/events'
import type { PolicyPack } from '#policy/pack'
import { policy } from '#policy/policy'
import { systemFacts } from '#commands/machine-facts'
import type { Backend } from './backend.js'

const namespace = '00000000-0000-4000-8000-0000000de000'

/** Policies are on record, and others than those of the pack: each is changed by itself, by whoever decides on it. */
export class PoliciesPublishedAlready extends Error {
  constructor() {
    super('Policies were published in this installation already: a pack is only what a service begins with. Nothing was changed.')
  }
}

/**
 * Publishes a policy pack where no policy was published yet; the demo pack unless told. Safe to run twice, and at the same time.
 * @throws PoliciesPublishedAlready where there are versions that are not of this pack
 */
export async function publishFirstPolicyPack(
  { commands, clock, folds }: Pick<Backend, 'commands' | 'clock' | 'folds'>,
  pack: PolicyPack = defaultPack,
): Promise<void> {
  if (pack !== defaultPack) await assertOnlyOf(pack, folds)
  for (const name of policyNames) {
    await commands.execute({
      aggregate: policy,
      id: name,
      facts: systemFacts({
        purpose: 'LEGAL_OBLIGATION',
        correlationId: derivedId(namespace, 'correlation'),
        commandId: derivedId(namespace, name),
        command: pack === defaultPack ? 'PublishDefaultPack' : 'PublishPolicyPack',
        occurredAt: clock.now(),
      }),
      decide: published => accept(Object.values(published).some(versions => versions.length > 0) ? [] : [...pack[name]]),
    })
  }
}

/** An earlier run with the same pack may have ended between two policies. */
async function assertOnlyOf(pack: PolicyPack, folds: Backend['folds']): Promise<void> {
  const known = new Set(Object.values(pack).flatMap(events => events.map(({ data }) => JSON.stringify(data))))
  const published = Object.values(await new Policies(folds).published()).flat()
  if (published.some(one => !known.has(JSON.stringify(one)))) throw new PoliciesPublishedAlready()
}
