import { resting } from '#event-store/patience'
import type { Asking } from './asking.js'
import type { Parts } from './parts.js'
import { type Blow, type Can, type Fault, faultsOf, namesOf, silenceOf, wordsFor } from './plan.js'
import type { Service } from './service.js'
import type { Tally } from './tally.js'

export type Struck = {
  readonly service: Service
  readonly parts: Parts
  readonly asking: Asking
  readonly tally: Tally
  readonly signal: AbortSignal
  readonly say: (text: string) => void
}

const recoversWithin = 120_000

/** The faults of a seed, one after the other, until it is over. @throws Error when the service could not be started again. */
export async function strike(seed: number, can: Can, struck: Struck, over: () => boolean): Promise<void> {
  const { signal, say } = struck
  let n = 0
  for (const fault of faultsOf(seed, can)) {
    await resting(fault.pauseMs, signal)
    if (over() || signal.aborted) return
    say(`fault ${++n}: ${wordsFor(fault)}`)
    await carryOut(fault, struck)
    if (fault.recovers) await recovered(struck)
  }
}

/** Somebody was answered well, or it takes too long: the next fault does not wait for ever. */
async function recovered({ tally, signal }: Struck) {
  const answered = new AbortController()
  void tally.nextGood().then(() => {
    answered.abort()
  })
  await resting(recoversWithin, AbortSignal.any([signal, answered.signal]))
}

/** One fault, to its end: nobody is left stopped, killed or away. */
async function carryOut(fault: Fault, struck: Struck) {
  const { service, parts, asking, tally, signal } = struck
  const { when, first, blows } = fault
  if (when === 'at rest') await asking.rest(signal)
  tally.faultBegins(namesOf(fault), silenceOf(fault))
  try {
    if (first === 'stop everything' || first === 'kill everything') {
      await service.down(first === 'stop everything' ? 'stop' : 'kill')
      const starting = service.up()
      await Promise.all([starting, ...blows.map(blow => meet(blow, undefined, struck))])
    } else if (first === 'kill the parts') {
      await Promise.all(
        blows.map(async blow => {
          const [before] = parts.pidsOf(blow.part)
          const { started } = parts.kill(blow.part, blow.forMs)
          await meet(blow, before, struck)
          await started
        }),
      )
    } else await Promise.all(blows.map(blow => deal(blow, struck)))
  } finally {
    parts.letAllGoOn()
    await parts.bringBackServer()
    asking.goOn()
  }
}

/** As soon as it can be found, and not as the process that it was. An EventStoreDB whose pid nobody knows is met at once. */
async function meet(blow: Blow, before: number | undefined, struck: Struck) {
  await struck.parts.appears(blow.part, before, struck.signal)
  await deal(blow, struck)
}

async function deal({ part, what, afterMs, forMs }: Blow, { parts, signal }: Struck) {
  await resting(afterMs, signal)
  if (signal.aborted) return
  if (what === 'kill') {
    await parts.kill(part, forMs).started
    return
  }
  const stopped = parts.stop(part)
  try {
    await resting(forMs, signal)
  } finally {
    parts.letGoOn(stopped)
  }
}
