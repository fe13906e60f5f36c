import { randomUUID } from 'node:crypto'
import type { EventCodec } from '#event-codec/codec'
import type { RecordedEvent } from '#event-store/event-store'
import { erasureBegunBy } from '#processes/erasure'
import type { Process } from '#processes/process'
import { ProcessFollower } from '#processes/postgres/process-follower'
import { ProcessRunner } from '#processes/postgres/process-runner'
import { countUnread, listUnread } from '#processes/postgres/unread'
import type { Work } from '#processes/work'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { Health } from '#backend/health'
import { projections } from '#read-models/all'
import { Policies } from '#commands/policies-in-force'
import { instead } from '../support/instead.js'
import { approveErasure, refer } from '../support/people.js'
import { world } from '../support/world.js'

type World = Awaited<ReturnType<typeof world>>
let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})

const carryOut = () => Promise.resolve()
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 10))
}

/** A runner of the erasure process that only notes what it was asked to carry out; `codec` is its version's. */
function runner(codec: EventCodec) {
  const [done, said]: [Work[], string[]] = [[], []]
  const stop = new AbortController()
  const process: Process = {
    name: 'erasure',
    begunBy: erasureBegunBy,
    carryOut: work => {
      done.push(work)
      return Promise.resolve()
    },
  }
  const report = (message: string) => {
    said.push(message)
  }
  const running = Promise.all([
    followLog({ ...w, codec }, [new ProcessFollower(w.sql, w.store, process, report)], stop.signal),
    new ProcessRunner(w.sql, w.store, codec, process, report).run(stop.signal),
  ])
  return {
    done,
    said,
    stop: async () => {
      stop.abort()
      await running
    },
  }
}
/** A version that does not know approvals yet. */
const older = () =>
  instead(w.codec, {
    decode: (recorded: RecordedEvent) => {
      if (recorded.type === 'ErasureApproved') throw new RangeError('from the future')
      return w.codec.decode(recorded)
    },
  })
const checkpoint = async () => BigInt((await w.sql<{ position: string }[]>`select position from process.checkpoint`)[0]?.position ?? 0)

test('what a version cannot read is put aside and not passed over: the next version takes it up, once', async () => {
  const [early, late] = [await refer(w), await refer(w)]
  const erasureId = await approveErasure(w, early)
  const old = runner(older())
  await refer(w)
  await until(async () => (await checkpoint()) === (await w.store.head()))
  await old.stop()
  expect([old.done, old.said]).toEqual([[], ['an event could not be decoded and was put aside']])
  expect((await listUnread(w.sql)).map(({ process, stream, error }) => [process, stream, error])).toEqual([
    ['erasure', `person-${early}`, 'RangeError'],
  ])
  const parts = await new Health(w.store, w.readModels, w.keys, new Policies(w.folds), w.clock, () => countUnread(w.sql), w.ledger).parts()
  expect(parts.find(({ part }) => part === 'process erasure')).toMatchObject({ ready: true, parked: 1 })

  const fresh = runner(w.codec)
  const second = await approveErasure(w, late)
  await until(() => fresh.done.length === 2)
  await fresh.stop()
  expect(fresh.done.map(({ workId }) => workId).sort()).toEqual([erasureId, second].sort())
  expect(await listUnread(w.sql)).toEqual([])
})
test('what was put aside and is not in the log stays: the log may be the wrong one; and it keeps nothing behind it waiting', async () => {
  while (((await w.store.head()) ?? 0n) < 101n) await refer(w)
  await approveErasure(w, await refer(w))
  const old = runner(older())
  await until(async () => (await checkpoint()) === (await w.store.head()))
  await old.stop()
  for (let n = 1; n <= 101; n++)
    await w.sql`
      insert into process.unread (process, position, event_id, stream, error)
      values ('erasure', ${n}, ${randomUUID()}, 'person-x', 'RangeError')`
  const fresh = runner(w.codec)
  await until(() => fresh.done.length === 1)
  await fresh.stop()
  expect(await countUnread(w.sql)).toEqual([{ process: 'erasure', events: 101 }])
})
test('projections and processes are fed from one reading: each event is decoded once', async () => {
  const decoded: string[] = []
  const counting = instead(w.codec, {
    decode: (recorded: RecordedEvent) => {
      decoded.push(recorded.id)
      return w.codec.decode(recorded)
    },
  })
  const stop = new AbortController()
  const processes = ['one', 'two'].map(
    name => new ProcessFollower(w.sql, w.store, { name, begunBy: erasureBegunBy, carryOut }, () => undefined),
  )
  const running = followLog({ ...w, codec: counting }, [...projecting(w, projections), ...processes], stop.signal)
  const erased = await refer(w)
  await approveErasure(w, erased)
  const head = (await w.store.head()) as bigint
  for (const { name } of projections) expect(await w.readModels.hasPassed(name, head)).toBe(true)
  await until(async () => (await w.sql`select from process.checkpoint where position = ${String(head)}`).length === 2)
  stop.abort()
  await running
  const logged: string[] = []
  for await (const { id } of w.store.readAll()) logged.push(id)
  expect(decoded).toEqual(logged)
  expect(await w.sql`select process, stream from process.work order by process`).toEqual(
    ['one', 'two'].map(process => ({ process, stream: `person-${erased}` })),
  )
})
