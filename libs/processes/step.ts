import type { Commands } from '#commands/commands'
import { idOn } from '#commands/folds'
import { derivedId } from '#commands/ids'
import type { Decided } from '#decider/command'
import type { Aggregate, Decision, Typed } from '#decider/decider'
import type { Refusal } from '#kernel/refusals'
import { systemFacts } from '#commands/machine-facts'
import { NotYet, type Work } from './work.js'

type Step = { readonly process: string; readonly name: string; readonly purpose: string; readonly art6: string }

/**
 * One step of a process: an ordinary command, whose id follows from the work and the step, so that a repeat is no second one. @throws
 * NotYet
 */
export async function takeStep<S, E extends Typed>(
  commands: Commands,
  aggregate: Aggregate<S, E>,
  { workId, stream, sourceEventId }: Work,
  { process, name, purpose, art6 }: Step,
  decide: Decision<S, Decided<E>, Refusal<never>>,
): Promise<void> {
  const facts = systemFacts(
    {
      purpose,
      correlationId: derivedId(workId, 'correlation'),
      causationId: sourceEventId,
      commandId: derivedId(workId, `${process}:${name}`),
      command: `${process}.${name}`,
    },
    art6,
  )
  const outcome = await commands.execute({ aggregate, id: idOn(aggregate, stream), facts, takesTurns: false, decide })
  if (outcome.kind !== 'accepted') throw new NotYet('the stream is busy')
}
