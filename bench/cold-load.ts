import { randomUUID } from 'node:crypto'
import { StreamFolds } from '#commands/folds'
import { person } from '#domain/person/person'
import { type Measurement, interleaved, measured } from './rate.js'
import { onItsOwn, millisecondsOf } from './rig.js'
import { longLife } from './synthetic-log.js'

const events = 1_000
const rounds = 15

/** A person with a thousand events whom this process has not seen, against reading the same stream bare. Times, so that less is better. */
export const coldLoad = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* ({ backend: { store, codec } }) {
    const subjectRef = randomUUID()
    await longLife(store, subjectRef, events)
    const bare = async () => {
      for await (const _ of store.readStream(`person-${subjectRef}`));
    }
    const load = () => new StreamFolds(store, codec).load(person, subjectRef)
    for (let n = 0; n < 5; n++) {
      await bare()
      await load()
    }
    yield measured(
      'cold load',
      '1,000 events',
      await interleaved(
        rounds,
        () => millisecondsOf(bare),
        () => millisecondsOf(load),
      ),
      'ms',
    )
  })
