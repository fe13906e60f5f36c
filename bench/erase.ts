import { randomUUID } from 'node:crypto'
import { StreamFolds } from '#commands/folds'
import { Commands } from '#commands/commands'
import { newId } from '#commands/ids'
import { person } from '#domain/person/person'
import { fenceErasure } from '#domain/person/erasure/carry-out-erasure'
import { approveErasure, longLife } from './synthetic-log.js'
import { takeStep } from '#processes/step'
import { homeStream } from '#event-kit/key-subjects'
import type { ErasureId, SubjectRef } from '#kernel/id'
import { type Measurement, interleaved, measured } from './rate.js'
import { type Rig, millisecondsOf, onItsOwn } from './rig.js'

const rounds = 9

/**
 * From an approved erasure to destroyed keys: the fence in the log, then the vault. A person with 10,000 events against one with 10;
 * times, so that less is better. The process that fences has followed the person, as the worker has: what a cold load costs is a bench of
 * its own.
 */
export const erase = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* (rig) {
    // Before there is a log whose keys are not in this vault.
    await rig.backend.keys.passGate()
    yield measured(
      'erase',
      '10,000 events : 10',
      await interleaved(
        rounds,
        () => fenceAndDestroy(rig, 10),
        () => fenceAndDestroy(rig, 10_000),
      ),
      'ms',
    )
  })

async function fenceAndDestroy({ backend: { store, codec, keys, clock } }: Rig, events: number): Promise<number> {
  const folds = new StreamFolds(store, codec)
  const commands = new Commands(store, codec, folds, clock)
  const subjectRef = randomUUID() as SubjectRef
  await longLife(store, subjectRef, events)
  const erasureId = newId() as ErasureId
  await keys.seal([{ subject: subjectRef, scope: 'REF', at: 'e|T.v1|f', plaintext: '"x"' }])
  await approveErasure(store, subjectRef, erasureId)
  await folds.load(person, subjectRef)
  const work = { workId: erasureId, stream: homeStream('SubjectRef', subjectRef), sourceEventId: newId() }
  return millisecondsOf(async () => {
    await takeStep(
      commands,
      person,
      work,
      { process: 'bench', name: 'fence', purpose: 'RIGHTS_FULFILMENT', art6: 'c' },
      fenceErasure({ subjectRef, erasureId }, new Date().toISOString()),
    )
    const fence = (await folds.load(person, subjectRef)).state.keys.fences.get(erasureId)
    if (!fence) throw new Error('no fence')
    await keys.close({ subject: subjectRef, scopes: fence.scopes, kids: fence.kids, fenceEventId: fence.eventId, cause: 'ERASURE' })
  })
}
