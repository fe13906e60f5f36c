import { setTimeout as after } from 'node:timers/promises'
import type { StaffRole } from '#kernel/actor'
import type { Random } from '../support/random.js'
import type { Answer } from '../support/standalone.js'
import { type Clients, roles, whetherToShare } from './clients.js'
import { judgeCase, judgeCertificate, judgeCheck, judgeHealth, judgeKeys, judgeMe, judgeSearch, refusedWrongly } from './judge.js'
import { Walk, judgeDisclosures, judgeStream } from './judge-lists.js'
import type { Heard, Person } from './truth.js'

const pace = 40
const ledgerPage = 200
const logPage = 1_000
/** A log longer than this is walked from the beginning now and then only. */
const longLog = 20_000

export type Read = { walks: number; events: number }

/** One reader after the other, who asks all the time; each has a question of their own. */
export function readers(parts: Clients, random: () => Random, over: () => boolean, read: Read): readonly Promise<void>[] {
  const asks: readonly ((draw: Random) => Promise<void>)[] = [
    draw => ofSomebody(parts, draw, person => readCase(parts, person, afterSome(draw, person))),
    draw =>
      ofSomebody(parts, draw, person =>
        draw.oneIn(4) ? readLedger(parts, afterSome(draw, person)) : readDisclosures(parts, person, afterSome(draw, person)),
      ),
    draw =>
      ofSomebody(parts, draw, person =>
        draw.oneIn(2) ? readCertificate(parts, person) : readKeys(parts, person, afterSome(draw, person)),
      ),
    draw => ofSomebody(parts, draw, person => (draw.oneIn(2) ? search(parts, person) : check(parts, person))),
    async draw => {
      await (draw.oneIn(3) ? readHealth(parts) : readMe(parts, draw.pick(roles)))
    },
    draw => ofSomebody(parts, draw, person => readStream(parts, person)),
    draw => walk(parts, draw, read, over),
  ]
  return asks.map(async ask => {
    const draw = random()
    while (!over() && !parts.signal.aborted) {
      await ask(draw)
      await after(pace)
    }
  })
}

/** Somebody who was referred lately, as often as anybody. */
async function ofSomebody({ truth: { people } }: Clients, draw: Random, ask: (person: Person) => Promise<unknown>) {
  const person = draw.pick(draw.oneIn(2) ? people.slice(-12) : people) as Person | undefined
  if (person && !person.lost) await ask(person)
}
const afterSome = (draw: Random, { position }: Person) => (draw.oneIn(2) ? position : undefined)
const query = (first: string, position: bigint | undefined, and = '') =>
  `?${[first, ...(position === undefined ? [] : [`after=${position}`]), and].filter(Boolean).join('&')}`

/** Asks once, judges the answer. */
async function once(
  parts: Clients,
  operation: string,
  role: StaffRole,
  path: string,
  judge: (heard: Heard, moment: { readonly asked: number; readonly answered: number }) => Parameters<Clients['tally']['lie']>[0],
): Promise<Heard> {
  const { heard, moment } = await parts.asking.ask(operation, late => parts.s.get(role, path, {}, late))
  parts.tally.lie(judge(heard, moment))
  return heard
}

export const readCase = (parts: Clients, person: Person, position: bigint | undefined) =>
  once(
    parts,
    position === undefined ? 'case' : 'case after',
    'ips-worker',
    `/subjects/${person.ref}/case${query('purpose=SERVICE_PROVISION', position)}`,
    (heard, moment) => judgeCase(person, heard, moment, position),
  )
export const readCertificate = (parts: Clients, person: Person) =>
  once(parts, 'certificate', 'auditor', `/subjects/${person.ref}/erasure-certificate`, (heard, moment) =>
    judgeCertificate(person, heard, moment),
  )
export const readKeys = (parts: Clients, person: Person, position: bigint | undefined) =>
  once(parts, 'keys', 'auditor', `/subjects/${person.ref}/keys${query('', position)}`, (heard, moment) =>
    judgeKeys(person, heard, moment, position),
  )
const readStream = (parts: Clients, person: Person) =>
  once(parts, 'stream', 'auditor', `/events?stream=${person.stream}&limit=${logPage}`, (heard, moment) =>
    judgeStream(person, heard, moment),
  )
const readMe = (parts: Clients, role: StaffRole) => once(parts, 'me', role, '/me', heard => judgeMe(role, heard))

async function readHealth({ s, asking, tally }: Clients) {
  const { heard } = await asking.ask('health', signal => s.call('GET', '/health/ready', { signal }))
  tally.lie(judgeHealth(heard))
}

async function postOnce(parts: Clients, operation: string, path: string, body: object, judge: Parameters<typeof once>[4]) {
  const ask = (signal: AbortSignal): Promise<Answer> =>
    parts.s.call('POST', `/v1${path}`, { token: parts.s.token('ips-worker'), body, signal })
  const { heard, moment } = await parts.asking.ask(operation, ask)
  parts.tally.lie(judge(heard, moment))
}
const search = (parts: Clients, person: Person) =>
  postOnce(parts, 'search', '/subjects/search', { phone: person.phone, purpose: 'SERVICE_PROVISION' }, (heard, moment) =>
    judgeSearch(person, heard, moment),
  )
const check = (parts: Clients, person: Person) =>
  postOnce(parts, 'check', `/subjects/${person.ref}/disclosures/check`, whetherToShare, (heard, moment) =>
    judgeCheck(person, heard, moment),
  )

type Page = { readonly items: Parameters<typeof judgeDisclosures>[2]; readonly next?: string }

const readDisclosures = (parts: Clients, person: Person, position: bigint | undefined) =>
  once(parts, 'disclosures', 'auditor', `/subjects/${person.ref}/disclosures${query(`limit=${ledgerPage}`, position)}`, (heard, moment) =>
    heard.status === 200
      ? judgeDisclosures('disclosures', [person], (heard.body as Page).items, moment, position)
      : refusedWrongly('disclosures', heard, person.ref),
  )

/** The whole disclosure ledger, page after page; one page that is not answered, and it is asked another time. */
async function readLedger(parts: Clients, position: bigint | undefined) {
  const disclosed: Page['items'][number][] = []
  const people = [...parts.truth.people]
  let begun: number | undefined
  for (let cursor = ''; ;) {
    const { heard, moment } = await parts.asking.ask('ledger', late =>
      parts.s.get('auditor', `/disclosures${query(`limit=${ledgerPage}`, position, cursor)}`, {}, late),
    )
    parts.tally.lie(refusedWrongly('ledger', heard, 'the disclosure ledger'))
    if (heard.status !== 200) return
    begun ??= moment.asked
    const { items, next } = heard.body as Page
    disclosed.push(...items)
    if (next === undefined) {
      // Who was referred meanwhile may be in it, too; what was acknowledged meanwhile need not.
      const everybody = [...new Set([...people, ...parts.truth.people])]
      parts.tally.lie(judgeDisclosures('ledger', everybody, disclosed, { asked: begun, answered: moment.answered }, position))
      return
    }
    cursor = `cursor=${next}`
  }
}

/** The log through `next`, to its end: from the beginning, or, where it is long, mostly from a position that was seen before. */
export async function walk(parts: Clients, draw: Random, read: Read, over: () => boolean): Promise<void> {
  const places = [...parts.truth.log.values()].flatMap(({ position }) => (position === undefined ? [] : [position]))
  const from = read.events > longLog && !draw.oneIn(8) && places.length > 0 ? draw.pick(places) : 0n
  const walked = new Walk(parts.truth, from)
  for (let position = from; !over() && !parts.signal.aborted;) {
    const path = `/events?limit=${logPage}&after=${position}`
    const heard = await once(parts, 'events', 'auditor', path, (page, moment) =>
      page.status === 200 ? walked.page(page, position, moment) : refusedWrongly('events', page, `after ${position}`),
    )
    await after(pace)
    if (heard.status !== 200) continue
    const { next } = heard.body as { readonly next?: string }
    if (next === undefined) {
      read.walks++
      if (from === 0n) read.events = walked.events
      return
    }
    position = BigInt(next)
  }
}
