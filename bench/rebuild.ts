import { rebuild } from '#projections/postgres/rebuild'
import { caseView } from '#read-models/case-view/projection'
import { disclosureLedger } from '#read-models/disclosure-ledger/projection'
import { keyRegister } from '#read-models/key-register/projection'
import { type Measurement, interleaved, measured } from './rate.js'
import { onItsOwn, secondsOf, standAtHead } from './rig.js'
import { fill } from './synthetic-log.js'

const events = 200_000
const rounds = 3

/** The three read models together, against reading and decoding the same events through the port. */
export const rebuildReadModels = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* ({ backend }) {
    const { store, codec } = backend
    const written = await fill(store, events)
    const models = [caseView, disclosureLedger, keyRegister]
    await standAtHead(backend, models)
    const read = async () => {
      for await (const recorded of store.readAll()) codec.decode(recorded)
    }
    const build = async () => {
      for await (const _ of rebuild(models, backend));
    }
    const rateOf = async (work: () => Promise<unknown>) => written / (await secondsOf(work))
    yield measured(
      'rebuild',
      'case view, ledger, keys',
      await interleaved(
        rounds,
        () => rateOf(read),
        () => rateOf(build),
      ),
    )
  })
