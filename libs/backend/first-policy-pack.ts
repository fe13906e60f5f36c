import { derivedId } from '#commands/ids'
import { accept } from '#kernel/result'
import { defaultPack } from '#policy/default-pack'
import { policyNames } from '#policy/events'
import { policy } from '#policy/policy'
import { systemFacts } from '#commands/machine-facts'
import type { Backend } from './backend.js'

const pack = '00000000-0000-4000-8000-0000000de000'

/** Publishes the default policy pack where no policy was published yet. Safe to run twice, and at the same time. */
export async function publishFirstPolicyPack({ commands, clock }: Pick<Backend, 'commands' | 'clock'>): Promise<void> {
  for (const name of policyNames) {
    await commands.execute({
      aggregate: policy,
      id: name,
      facts: systemFacts({
        purpose: 'LEGAL_OBLIGATION',
        correlationId: derivedId(pack, 'correlation'),
        commandId: derivedId(pack, name),
        command: 'PublishDefaultPack',
        occurredAt: clock.now(),
      }),
      decide: published => accept(Object.values(published).some(versions => versions.length > 0) ? [] : [...defaultPack[name]]),
    })
  }
}
