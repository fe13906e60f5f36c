import { type GateStanding, type GatedVault, type KeyHistory, type KeyRecord, passRestoreGate } from './restore-gate.js'
import type { Revocation, RevocationJournal } from './revocation-journal.js'
import type { KeyFact } from './subject-keys.js'

const key = (kid: string): KeyFact => ({ kid, subject: 's', scope: 'HLT', generation: 1, kc: 'k' })
const revoked = (kids: readonly string[], cause: Revocation['cause'] = 'ERASURE'): Revocation => ({
  subject: 's',
  scopes: ['HLT'],
  kids,
  fenceEventId: 'f',
  cause,
})
type World = {
  readonly stood?: GateStanding
  readonly journal?: readonly Revocation[]
  readonly log?: readonly KeyRecord[]
  readonly holds?: boolean
  readonly fenced?: boolean
  readonly live?: readonly string[]
  readonly undead?: readonly string[]
}

/** Passes the gate in a world of one's own; what was done, in its order, and the report. */
async function pass({ stood, journal = [], log = [], holds = true, fenced = true, live = [], undead = [] }: World) {
  const done: unknown[][] = []
  const vault: GatedVault = {
    exclusively: work => work(),
    gateStanding: () => Promise.resolve(stood),
    moveGate: standing => {
      done.push(['moved', standing])
      return Promise.resolve()
    },
    apply: ({ kids }, journalled) => {
      done.push(['applied', kids, journalled])
      return Promise.resolve(kids.filter(kid => undead.includes(kid)).length)
    },
    reinstate: ({ kid }, goesOn) => {
      done.push(['reinstated', kid, goesOn])
      return Promise.resolve()
    },
    noteLost: announced => {
      done.push(['announced', announced.map(({ kid }) => kid)])
      return Promise.resolve(announced.map(({ kid }) => kid).filter(kid => kid.startsWith('lost')))
    },
  }
  const book: RevocationJournal = {
    append: () => Promise.resolve(),
    since: offset => {
      done.push(['journal since', offset])
      return Promise.resolve(journal.map((revocation, n) => ({ revocation, end: offset + 10 * (n + 1) })))
    },
  }
  const history: KeyHistory = {
    holds: () => Promise.resolve(holds),
    // eslint-disable-next-line @typescript-eslint/require-await -- a log that is at hand
    async *since(position) {
      done.push(['log since', position])
      yield* log
    },
    hasFenced: () => Promise.resolve(fenced),
    stillLive: ({ kids }) => Promise.resolve(kids.filter(kid => live.includes(kid)).map(key)),
    refence: ({ kids }) => {
      done.push(['refenced', kids])
      return Promise.resolve()
    },
  }
  return { report: await passRestoreGate(vault, book, history), done }
}
const stood: GateStanding = { position: 7n, eventId: 'e7', journalOffset: 30 }
const scanned = { kind: 'scanned', position: 9n, eventId: 'e9' } as const

test('a vault that passed before hears what is new, and remembers how far', async () => {
  const { report, done } = await pass({ stood, log: [{ kind: 'announced', key: key('new') }, scanned] })
  expect(done).toEqual([
    ['journal since', 30],
    ['log since', 7n],
    ['announced', ['new']],
    ['moved', { position: 9n, eventId: 'e9', journalOffset: 30 }],
  ])
  expect(report).toEqual({ rewound: false, fences: 0, undead: 0, refenced: 0, reinstated: 0, lost: [] })
})
test('with nothing new it stays where it is; a new vault over an empty log stands nowhere', async () => {
  expect((await pass({ stood })).done.at(-1)).toEqual(['moved', stood])
  expect((await pass({})).done).toEqual([
    ['journal since', 0],
    ['log since', undefined],
    ['announced', []],
  ])
})
test('a log that is another one is heard from the start, and so is the journal', async () => {
  const { report, done } = await pass({ stood, holds: false, log: [scanned] })
  expect([report.rewound, done.slice(0, 2)]).toEqual([
    true,
    [
      ['journal since', 0],
      ['log since', undefined],
    ],
  ])
  expect(done.at(-1)).toEqual(['moved', { position: 9n, eventId: 'e9', journalOffset: 0 }])
})
test('the fences of the log are applied and told to the journal; keys that came back are counted, a fenced key is not lost', async () => {
  const fence = (kids: readonly string[]): KeyRecord => ({ kind: 'fenced', fence: revoked(kids) })
  const { report, done } = await pass({
    stood,
    log: [
      { kind: 'announced', key: key('lost-1') },
      { kind: 'announced', key: key('lost-2') },
      fence(['lost-1', 'back-1']),
      fence(['back-2']),
      scanned,
    ],
    undead: ['back-1', 'back-2'],
  })
  expect(done.filter(([what]) => what === 'applied')).toEqual([
    ['applied', ['lost-1', 'back-1'], false],
    ['applied', ['back-2'], false],
  ])
  expect(report).toEqual({ rewound: false, fences: 2, undead: 2, refenced: 0, reinstated: 0, lost: ['lost-2'] })
})
test('what the journal says is applied first, and not told to it again; the journal is read to its end', async () => {
  const { report, done } = await pass({
    stood,
    journal: [revoked(['a']), revoked(['b']), revoked(['d'])],
    log: [{ kind: 'fenced', fence: revoked(['c']) }, scanned],
    undead: ['a', 'b', 'c'],
  })
  expect(done.filter(([what]) => what === 'applied')).toEqual([
    ['applied', ['a'], true],
    ['applied', ['b'], true],
    ['applied', ['d'], true],
    ['applied', ['c'], false],
  ])
  expect([report.undead, report.refenced, done.at(-1)]).toEqual([3, 0, ['moved', { position: 9n, eventId: 'e9', journalOffset: 60 }]])
})
test('a fence that the log lost is put back, for an erasure only', async () => {
  const { report, done } = await pass({
    stood,
    fenced: false,
    journal: [revoked(['a']), revoked(['b'], 'COMPROMISED'), revoked(['c'], 'FIELD_ERASED')],
  })
  expect([report.refenced, done.filter(([what]) => what === 'refenced')]).toEqual([1, [['refenced', ['a']]]])
})
test('a key whose replacement the log lost goes on, or is lost where it was to erase a field; an erased one never returns', async () => {
  const { report, done } = await pass({
    stood,
    live: ['a', 'b', 'c'],
    journal: [revoked(['a'], 'COMPROMISED'), revoked(['b'], 'FIELD_ERASED'), revoked(['c'])],
  })
  expect(done.filter(([what]) => what === 'reinstated' || what === 'applied')).toEqual([
    ['reinstated', 'a', true],
    ['reinstated', 'b', false],
    ['applied', ['c'], true],
  ])
  expect(report.reinstated).toBe(2)
})
