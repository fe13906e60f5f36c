import { Random } from '../support/random.js'

export type Part = 'EventStoreDB' | 'API' | 'worker' | 'signer' | 'PostgreSQL'
export type Blow = {
  readonly part: Part
  readonly what: 'kill' | 'stall'
  /** How long after the fault has begun; where the part is starting, how long after it can be found. */
  readonly afterMs: number
  /** How long a stall lasts. A killed EventStoreDB stays away so long; who else is killed is started again by `npm start`. */
  readonly forMs: number
}
export type Fault = {
  readonly when: 'under load' | 'at rest' | 'while starting'
  /** What is done first, so that the blows meet what is starting. */
  readonly first: 'nothing' | 'kill the parts' | 'stop everything' | 'kill everything'
  readonly blows: readonly Blow[]
  /** Whether the next fault waits until somebody was answered well again. */
  readonly recovers: boolean
  readonly pauseMs: number
}
/** What can be done to whom here. */
export type Can = { readonly [P in Part]: readonly Blow['what'][] }

export const longestStall = 12_000
const shortestStall = 1_000
const turns = [
  ...Array<Fault['when']>(10).fill('under load'),
  ...Array<Fault['when']>(3).fill('at rest'),
  ...Array<Fault['when']>(7).fill('while starting'),
] as const

/** The faults of a seed, without end: the same seed, the same faults, wherever the same can be done. */
export function* faultsOf(seed: number, can: Can): Generator<Fault, never> {
  const random = new Random(seed)
  const parts = (Object.keys(can) as Part[]).filter(part => can[part].length > 0)
  for (;;) {
    const when = random.pick(turns)
    const first =
      when === 'while starting'
        ? random.pick(['kill the parts', 'kill the parts', 'stop everything', 'kill everything'] as const)
        : 'nothing'
    // Everything is also started again without a blow.
    const bare = (first === 'stop everything' || first === 'kill everything') && random.oneIn(3)
    const whom = first === 'kill the parts' ? parts.filter(part => can[part].includes('kill')) : parts
    const blows = bare ? [] : some(random, whom, howMany(random)).map(part => blowOn(random, part, can[part]))
    yield { when, first, blows, recovers: !random.oneIn(3), pauseMs: 500 + random.below(3_500) }
  }
}

/** One alone more often than two together, and those more often than three. */
function howMany(random: Random): number {
  const drawn = random.below(10)
  return drawn < 5 ? 1 : drawn < 8 ? 2 : 3
}

/** Some of them, each once; the event store twice as likely as another. */
function some(random: Random, parts: readonly Part[], count: number): readonly Part[] {
  const chosen = new Set<Part>()
  const drawn = parts.flatMap(part => (part === 'EventStoreDB' ? [part, part] : [part]))
  while (chosen.size < Math.min(count, parts.length)) chosen.add(random.pick(drawn))
  return [...chosen]
}

function blowOn(random: Random, part: Part, can: Can[Part]): Blow {
  const what = random.pick(can)
  const afterMs = random.below(1_200)
  return {
    part,
    what,
    afterMs,
    forMs:
      what === 'stall' ? shortestStall + random.below(longestStall - shortestStall + 1) : part === 'EventStoreDB' ? random.below(3_000) : 0,
  }
}

const together = ['nothing else', 'alone', 'two together', 'three together'] as const

/** Under which names a fault is counted. */
export function namesOf({ when, first, blows }: Fault): readonly string[] {
  return [
    ...blows.map(({ what, part }) => `${what} ${part}`),
    ...(first === 'kill the parts' ? blows.map(({ part }) => `kill ${part}`) : []),
    ...(first === 'stop everything' || first === 'kill everything' ? [`${first}, start it`] : []),
    ...(blows.length > 0 ? [together[blows.length] ?? 'together'] : []),
    when,
  ]
}

/** Under which name the silence after a fault is kept. */
export const silenceOf = ({ first, blows }: Fault): string =>
  first === 'stop everything' || first === 'kill everything'
    ? `${first}, start it`
    : blows.length === 1
      ? `${first === 'kill the parts' ? 'kill' : String(blows[0]?.what)} ${String(blows[0]?.part)}`
      : (together[blows.length] ?? 'together')

/** A fault in words. */
export const wordsFor = ({ when, first, blows }: Fault): string =>
  [
    when,
    ...(first === 'nothing' ? [] : [first]),
    ...blows.map(({ what, part, afterMs, forMs }) => `${what} ${part} after ${afterMs} ms${forMs > 0 ? ` for ${forMs} ms` : ''}`),
  ].join(', ')
