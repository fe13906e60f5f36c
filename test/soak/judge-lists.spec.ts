import { Walk, judgeDisclosures, judgeStream } from './judge-lists.js'
import { type Heard, type Lie, Person, Truth } from './truth.js'

const kinds = (lies: readonly Lie[]) => lies.map(({ kind }) => kind)
const page = (items: readonly object[], next?: string): Heard => ({ status: 200, body: { items, ...(next === undefined ? {} : { next }) } })
const event = (n: number, more: object = {}) => ({
  id: `e${n}`,
  stream: 'person-p',
  revision: String(n - 1),
  position: String(10 * n),
  ...more,
})

/** Somebody of whom events e1, e2 … were acknowledged, one by one, and a disclosure with the last. */
function somebody(events = 3) {
  const truth = new Truth()
  const person = new Person('Invented Person', '07700 900001')
  person.ref = 'p'
  truth.people.push(person)
  const acknowledge = (n: number, disclosureId?: string) => {
    const deed = person.try(disclosureId === undefined ? 'wish' : 'share', truth.now())
    truth.acknowledge(
      person,
      deed,
      {
        status: 200,
        body: { position: String(10 * n), events: [{ id: `e${n}` }], ...(disclosureId === undefined ? {} : { disclosureId }) },
      },
      truth.now(),
    )
  }
  for (let n = 1; n <= events; n++) acknowledge(n, n === events ? 'd1' : undefined)
  const later = () => ({ asked: truth.now(), answered: truth.now() })
  return { truth, person, later, acknowledge }
}

describe('a walk through the log', () => {
  test('that is whole is the truth, in one page or several', () => {
    const { truth, later } = somebody()
    expect(new Walk(truth, 0n).page(page([event(1), event(2), event(3)]), 0n, later())).toEqual([])
    const walk = new Walk(truth, 0n)
    expect(walk.page(page([event(1), event(2)], '20'), 0n, later())).toEqual([])
    expect(walk.page(page([event(3)]), 20n, later())).toEqual([])
    expect(walk.events).toBe(3)
  })
  test('that ends without next before its end is not', () => {
    const { truth, later } = somebody()
    const [lie] = new Walk(truth, 0n).page(page([event(1)]), 0n, later())
    expect(lie).toEqual({ kind: 'events: lacks what was acknowledged', about: 'after 0, 1 events and no next; 2: e2, e3' })
  })
  test('need not have what was acknowledged after its last page was asked for', () => {
    const { truth, later, acknowledge } = somebody()
    const before = later()
    acknowledge(4)
    expect(new Walk(truth, 0n).page(page([event(1), event(2), event(3)]), 0n, before)).toEqual([])
  })
  test('lacks nothing within a page whose events were seen before, also where it does not begin at the beginning', () => {
    const { truth, later } = somebody()
    expect(new Walk(truth, 0n).page(page([event(1), event(2), event(3)]), 0n, later())).toEqual([])
    expect(kinds(new Walk(truth, 10n).page(page([event(3)], '30'), 10n, later()))).toEqual(['events: lacks what was acknowledged'])
    expect(new Walk(truth, 20n).page(page([event(3)]), 20n, later())).toEqual([])
    expect(kinds(new Walk(truth, 20n).page(page([]), 20n, later()))).toEqual(['events: lacks what was acknowledged'])
  })
  test('is in order, has nothing twice and no gap, and nothing has moved', () => {
    const judged = (...items: readonly object[]) => {
      const { truth, later } = somebody()
      return kinds(new Walk(truth, 0n).page(page(items, '30'), 0n, later()))
    }
    expect(judged(event(1), event(3, { revision: '1', position: '9' }), event(2, { revision: '2' }))).toEqual(['events: out of order'])
    expect(judged(event(1), event(2), event(3, { revision: '3' }))).toEqual(['events: a gap in a stream'])
    expect(judged(event(1), event(2), event(3, { stream: 'person-q', revision: '0' }))).toEqual(['events: moved'])
    const { truth, later } = somebody()
    const walk = new Walk(truth, 0n)
    expect(walk.page(page([event(1), event(2), event(3)], '30'), 0n, later())).toEqual([])
    expect(kinds(walk.page(page([event(3, { position: '40', revision: '3' })]), 30n, later()))).toEqual(['events: twice', 'events: moved'])
  })
})

describe('a stream', () => {
  const { person, later } = somebody()
  const judged = (heard: Heard) => kinds(judgeStream(person, heard, later()))
  test('is whole, without a gap, its own', () => {
    expect(judged(page([event(1), event(2), event(3)]))).toEqual([])
    expect(judged(page([]))).toEqual(['stream: lacks what was acknowledged'])
    expect(judged(page([event(1), event(2)]))).toEqual(['stream: lacks what was acknowledged'])
    expect(judged(page([event(1), event(2), event(3, { revision: '3' })]))).toEqual(['stream: has a gap'])
    expect(judged(page([event(1), event(2), event(3, { stream: 'person-q' })]))).toEqual(['stream: of another'])
    expect(judged(page([event(1), event(2), event(3)], '30'))).toEqual(['stream: not whole'])
  })
  test('is never refused', () => {
    expect(judged({ status: 403, code: 'STAFF_NOT_REGISTERED', body: {} })).toEqual(['stream 403 STAFF_NOT_REGISTERED'])
    expect(judged({ status: 503, code: 'UNAVAILABLE', body: {} })).toEqual([])
  })
})

describe('a list of disclosures', () => {
  const one = { disclosureId: 'd1', subjectRef: 'p', state: 'SENT' }
  const judged = (disclosed: readonly (typeof one)[], after?: bigint) => {
    const { person, later } = somebody()
    return kinds(judgeDisclosures('ledger', [person], disclosed, later(), after))
  }
  test('shows what was acknowledged up to the position that was asked for, and may lag without', () => {
    expect([judged([one], 30n), judged([], 20n), judged([])]).toEqual([[], [], []])
    expect(judged([], 30n)).toEqual(['ledger: lacks what was acknowledged'])
  })
  test('shows nothing twice, nothing that was not to be sent, and nothing of somebody about whom nothing was shared', () => {
    expect(judged([one, one])).toEqual(['ledger: twice'])
    expect(judged([{ ...one, state: 'QUEUED' }])).toEqual([])
    expect(judged([{ ...one, state: 'REQUESTED' }])).toEqual(['ledger: neither waiting nor sent'])
    expect(judged([{ ...one, state: 'CANCELLED' }])).toEqual(['ledger: neither waiting nor sent'])
    expect(judged([one, { ...one, disclosureId: 'd2', subjectRef: 'q' }])).toEqual(['ledger: of somebody about whom nothing was shared'])
  })
  test('may have been cancelled where an erasure was approved before it left', () => {
    const { truth, person, later } = somebody()
    person.try('approve', truth.now())
    expect(judgeDisclosures('ledger', [person], [{ ...one, state: 'CANCELLED' }], later(), undefined)).toEqual([])
    expect(kinds(judgeDisclosures('ledger', [person], [{ ...one, state: 'REFUSED' }], later(), undefined))).toEqual([
      'ledger: neither waiting nor sent',
    ])
  })
  test('shows again what it showed before', () => {
    const { person, later } = somebody()
    expect(judgeDisclosures('ledger', [person], [one], later(), undefined)).toEqual([])
    expect(kinds(judgeDisclosures('ledger', [person], [], later(), undefined))).toEqual(['ledger: lacks what it showed before'])
  })
})
