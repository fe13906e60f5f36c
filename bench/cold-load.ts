import { randomUUID } from 'node:crypto'
import { StreamFolds } from '#commands/folds'
import { person } from '#domain/person/person'
import { type Measurement, measured } from './rate.js'
import { onItsOwn, secondsOf } from './rig.js'
import { longLife } from './synthetic-log.js'

const events = 1_000
const rounds = 15

/** A person with a thousand events whom this process has not seen, against reading the same stream bare. Times, so that less is better. */
export const coldLoad = (): AsyncIterable<Measurement> => onItsOwn(async function* ({ backend: { store, codec } }) {
  const subjectRef = randomUUID()
  await longLife(store, subjectRef, events)
  const bare = async () => { for await (const _ of store.readStream(`person-${subjectRef}`)); }
  const load = () => new StreamFolds(store, codec).load(person, subjectRef)
  for (let n = 0; n < 5; n++) { await bare(); await load() }
  const pairs: { readonly ours: number; readonly baseline: number }[] = []
  for (let n = 0; n < rounds; n++) pairs.push({ baseline: 1_000 * await secondsOf(bare), ours: 1_000 * await secondsOf(load) })
  yield measured('cold load', '1,000 events', pairs, 'ms')
})
