import { randomBytes } from 'node:crypto'
import { resting } from '#event-store/patience'
import { withoutInstallation } from '#hosting/settings'
import { Random } from '../support/random.js'
import { whatIsBroken } from './aftermath.js'
import { Asking } from './asking.js'
import { type Clients, live, roles } from './clients.js'
import { strike } from './faults.js'
import { Parts, canBeDone, serverFrom } from './parts.js'
import { readers } from './readers.js'
import { Service } from './service.js'
import { Tally } from './tally.js'
import { Truth } from './truth.js'

export type Store = 'postgres' | 'eventstoredb'
export type SoakOptions = {
  readonly store: Store
  readonly seed: number
  readonly seconds: number
  readonly signal: AbortSignal
  readonly say: (text: string) => void
}
const clients = 4
/** What has to have been answered well before it is over, so that a slow machine does not pass for want of questions. */
const answered = [
  'refer 201',
  'share 201',
  'approve 200',
  'case after 200',
  'certificate 200',
  'disclosures 200',
  'ledger 200',
  'keys 200',
  'search 200',
  'check 200',
  'stream 200',
  'events 200',
  'me 200',
]
const longer = 120_000

/**
 * The faults of a seed under load over HTTP, on an installation of its own; what clients hear is held against what was acknowledged.
 * Nobody is left stopped, also where it ends early, by the signal or an error.
 */
export async function soak({ store, seed, seconds, signal, say }: SoakOptions) {
  onItsOwn(store)
  const server = serverFrom(process.env)
  const can = canBeDone(store, server)
  if (store === 'eventstoredb' && can.EventStoreDB.length === 0)
    say('EventStoreDB is left alone: neither EVENTSTOREDB_PID_FILE nor EVENTSTOREDB_RESTART is set.')
  const truth = new Truth()
  const tally = new Tally(say)
  const broken: string[] = []
  const service = await Service.start({
    say,
    lie: lies => {
      tally.lie(lies)
    },
  })
  const { s } = service
  const parts = new Parts(s, server)
  const letGo = () => {
    parts.letAllGoOn()
  }
  signal.addEventListener('abort', letGo)
  try {
    for (const role of roles) s.token(role)
    const asking = new Asking(truth, tally)
    const failed = new AbortController()
    const ended = AbortSignal.any([signal, failed.signal])
    const working: Clients = {
      s,
      asking,
      truth,
      tally,
      signal: ended,
      broken: what => {
        broken.push(what)
      },
    }
    const read = { walks: 0, events: 0 }
    const until = performance.now() + seconds * 1_000
    tally.beginsToAsk()
    let struck = false
    const over = () => struck
    const lives = Array.from({ length: clients }, (_, n) => live(n, new Random(seed + 1 + n), working, over))
    const reading = readers(working, seeds(seed + 1 + clients), over, read)
    // Whoever fails ends all of it.
    const all = Promise.all([...lives, ...reading]).catch((error: unknown) => {
      failed.abort()
      throw error
    })
    all.catch(() => undefined)
    await strike(seed, can, { service, parts, asking, tally, signal: ended, say }, () => performance.now() > until)
    await untilAnswered(tally, ended)
    struck = true
    if (!signal.aborted) say('The faults are over; waiting for the clients to finish …')
    await all
    if (signal.aborted) return undefined
    say('Looking for everything that was acknowledged …')
    const { events, broken: found } = await whatIsBroken(working, say)
    broken.push(...found)
    return {
      store,
      seed,
      seconds,
      faults: sorted(tally.faults),
      answers: sorted(tally.answers),
      longestSilence: sorted(tally.silences),
      refusedStarts: service.refusedStarts,
      people: truth.people.length,
      erasures: truth.people.filter(({ shown }) => shown.certificate < Infinity).length,
      events,
      walks: read.walks,
      neverAnswered: answered.filter(name => !tally.answers.has(name)),
      lies: sorted(tally.lies),
      broken,
    }
  } catch (error) {
    say(s.said.split('\n').slice(-12).join('\n'))
    throw error
  } finally {
    signal.removeEventListener('abort', letGo)
    parts.end()
    await service.end()
  }
}

/** Until every question was answered well, at most two minutes. */
async function untilAnswered({ answers }: Tally, signal: AbortSignal) {
  for (
    const deadline = performance.now() + longer;
    performance.now() < deadline && !signal.aborted && answered.some(name => !answers.has(name));
  )
    await resting(50, signal)
}

/** Each its own, by a number that goes on. */
function seeds(first: number): () => Random {
  let next = first
  return () => new Random(next++)
}

const sorted = <V>(map: ReadonlyMap<string, V>): Readonly<Record<string, V>> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))

/** None of an operator's settings counts: it has a data folder, a database, keys and, on an EventStoreDB, a namespace of its own. */
function onItsOwn(store: Store) {
  process.env = withoutInstallation(process.env)
  Object.assign(process.env, {
    CASELEDGER_EVENT_STORE: store,
    ...(store === 'eventstoredb' ? { CASELEDGER_EVENT_STORE_NAMESPACE: `soak${randomBytes(6).toString('hex')}` } : {}),
  })
}
