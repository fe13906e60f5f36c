import type { Commands } from '#commands/commands'
import { derivedId } from '#commands/ids'
import type { Decision } from '#decider/decider'
import { type Person, type PersonEvent, person } from '#domain/person/person'
import { systemFacts } from '#commands/machine-facts'
import { NotYet, type Work } from './work.js'

type Step = { readonly process: string; readonly name: string; readonly purpose: string; readonly art6: string }

/**
 * One step of a process: an ordinary command, whose id follows from the work and the step, so that a repeat is no second one. @throws
 * NotYet
 */
export async function takeStep(
  commands: Commands,
  { workId, subjectRef, sourceEventId }: Work,
  { process, name, purpose, art6 }: Step,
  decide: Decision<Person, PersonEvent, never>,
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
  const outcome = await commands.execute({ aggregate: person, id: subjectRef, facts, decide })
  if (outcome.kind !== 'accepted') throw new NotYet('the stream is busy')
}
