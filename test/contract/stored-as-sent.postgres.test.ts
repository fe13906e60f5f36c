import { randomUUID } from 'node:crypto'
import { AppendAltered, StreamDamaged } from '#event-store/event-store'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import { asAdmin, client, testDatabase } from '../support/database.js'
import { all } from '../support/stores.js'

const event = (word: string) => ({ id: randomUUID(), type: 'Tried', data: { word }, metadata: { by: 'contract' } })
const stream = () => `tried-${randomUUID()}`
/** A trigger of an administrator's, on events that say so. */
const trigger = (body: string, when: string, kind = 'trigger') => `
  create function public.meddle() returns trigger language plpgsql security definer as $$ begin
    if new.data like '%REFUSED%' then ${body} end if; return new; end $$;
  create ${kind} meddles ${when} insert on event_store.event ${kind === 'trigger' ? '' : 'deferrable initially deferred'}
    for each row execute function public.meddle()`
const set = (what: string) => `update event_store.event set ${what} where stream = new.stream and revision = new.revision;`
const granted = "replace(new.data, 'REFUSED', 'GRANTED')"
const another = `insert into event_store.event values (new.position + 1000, new.stream || '-beside', 0, gen_random_uuid(), new.type,
  ${granted}, new.metadata, new.recorded_at);`
const meddlings: readonly (readonly [what: string, sql: string])[] = [
  ['a trigger changes its data before it is stored', trigger(`new.data = ${granted};`, 'before')],
  ['a trigger changes a space of its data', trigger(`new.data = replace(new.data, ':', ': ');`, 'before')],
  ['a trigger changes its metadata', trigger(`new.metadata = '{"by":"somebody"}';`, 'before')],
  ['a trigger changes its type', trigger(`new.type = 'Trusted';`, 'before')],
  ['a trigger changes its id', trigger('new.id = gen_random_uuid();', 'before')],
  ['a trigger changes its stream', trigger(`new.stream = 'tried-elsewhere'; new.revision = 0;`, 'before')],
  ['a trigger changes its time', trigger(`new.recorded_at = new.recorded_at - interval '20 days';`, 'before')],
  ['a trigger changes its position', trigger('new.position = new.position + 1000;', 'before')],
  ['a trigger leaves it out', trigger('return null;', 'before')],
  ['a trigger changes it once it is stored', trigger(set(`data = ${granted}`), 'after')],
  ['a trigger takes it out once it is stored', trigger(`delete from event_store.event where id = new.id;`, 'after')],
  ['a trigger that waits for the commit changes it', trigger(set(`data = ${granted}`), 'after', 'constraint trigger')],
  ['a trigger puts another one beside it', trigger(another, 'after')],
]
const rule = `create rule meddles as on insert to event_store.event do also
  update event_store.event set data = replace(data, 'REFUSED', 'GRANTED') where id = new.id`

/** A store on a database in which somebody meddles. */
async function meddledWith(sql: string) {
  const { urls, admin } = await testDatabase()
  const store = new PostgresEventStore(client(urls.app), client(urls.app, 2))
  await asAdmin(admin, one => one.unsafe(sql))
  return { store, admin }
}
const wordsIn = async (store: PostgresEventStore) => (await all(store.readAll())).map(({ data }) => data['word'])

test.each([...meddlings, ['a rule changes it', rule] as const])('%s: nothing is stored, and the caller is told', async (_, sql) => {
  const { store } = await meddledWith(sql)
  const [name, refused] = [stream(), event('REFUSED')]
  try {
    for (let n = 0; n < 2; n++)
      await expect(store.append(name, 'no_stream', [refused])).rejects.toMatchObject({ constructor: AppendAltered, stream: name })
    expect(await all(store.readStream(name))).toEqual([])
    expect(await wordsIn(store)).toEqual([])
  } finally {
    await store.close()
  }
})
test.each(meddlings)('%s, in an append of several among those of others: they are stored, and it is not', async (_, sql) => {
  const { store } = await meddledWith(sql)
  const [before, hit, after] = [stream(), stream(), stream()]
  try {
    await store.append(hit, 'no_stream', [event('first')])
    const ended = await Promise.allSettled([
      store.append(before, 'no_stream', [event('one'), event('two')]),
      store.append(hit, 0n, [event('second'), event('REFUSED'), event('third')]),
      store.append(after, 'no_stream', [event('three'), event('four')]),
      // At another revision than the stream's: refused as ever.
      store.append(stream(), 7n, [event('five')]),
    ])
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
    expect((ended[1] as PromiseRejectedResult).reason).toMatchObject({ constructor: AppendAltered, stream: hit })
    expect(await wordsIn(store)).toEqual(['first', 'one', 'two', 'three', 'four'])
    await store.append(hit, 0n, [event('second')])
    expect((await all(store.readStream(hit))).map(({ revision }) => revision)).toEqual([0n, 1n])
  } finally {
    await store.close()
  }
})

test('an append, alone or among others, reads no log from end to end, however small it was at first', async () => {
  const { urls, admin } = await testDatabase()
  const readFromEndToEnd = () =>
    asAdmin(admin, async sql => {
      // What a connection has counted is told at the latest when it ends.
      const others = () => sql`select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
      while ((await others()).count > 0) await new Promise(setImmediate)
      const [row] = await sql<{ seq_scan: string }[]>`select seq_scan from pg_stat_user_tables where relid = 'event_store.event'::regclass`
      return Number(row?.seq_scan)
    })
  const before = await readFromEndToEnd()
  const store = new PostgresEventStore(client(urls.app), client(urls.app, 2))
  for (let round = 0; round < 20; round++) {
    await store.append(stream(), 'no_stream', [event('alone')])
    await Promise.all(Array.from({ length: 8 }, () => store.append(stream(), 'no_stream', [event('among others')])))
  }
  await store.close()
  expect((await readFromEndToEnd()) - before).toBe(0)
})

describe('somebody replaces the function that appends by one that stores something else, and does not look', () => {
  test.each([
    ['append_one', 'p_type, p_data,', "p_type, replace(p_data, 'REFUSED', 'GRANTED'),"],
    ['append_group', 'e.type, e.data,', "e.type, replace(e.data, 'REFUSED', 'GRANTED'),"],
  ])('%s: the caller is told, and this process reads and writes nothing more of the stream', async (of, what, by) => {
    const { store, admin } = await meddledWith('')
    await asAdmin(admin, async sql => {
      const [found] = await sql<{ text: string }[]>`select pg_get_functiondef(${`event_store.${of}`}::regproc) as text`
      const text = found!.text.replace(what, by).replace(/ {2}if (digest|v_found)[^]*?end if;\n/, '')
      expect(text).toContain('GRANTED')
      expect(text).not.toContain('what would be stored')
      await sql.unsafe(text)
    })
    const [name, sound] = [stream(), stream()]
    const events = of === 'append_one' ? [event('REFUSED')] : [event('first'), event('REFUSED')]
    const damaged = { constructor: StreamDamaged, stream: name, how: 'altered' }
    try {
      await expect(store.append(name, 'no_stream', events)).rejects.toMatchObject({ constructor: AppendAltered, stream: name })
      await store.append(
        sound,
        'no_stream',
        events.map(() => event('sound')),
      )
      await expect(all(store.readStream(name))).rejects.toMatchObject(damaged)
      await expect(store.lastOf(name)).rejects.toMatchObject(damaged)
      await expect(store.since([{ stream: name, revision: 0n, eventId: events[0]!.id }])).rejects.toMatchObject(damaged)
      await expect(store.append(name, BigInt(events.length - 1), [event('more')])).rejects.toMatchObject(damaged)
      expect(await all(store.readStream(sound))).toHaveLength(events.length)
    } finally {
      await store.close()
    }
  })
})

test('time does not go back along the positions, whatever the clock says', async () => {
  const { store, admin } = await meddledWith('')
  try {
    await store.append('tried-1', 'no_stream', [event('first')])
    const ahead = '2099-01-01T00:00:00.000Z'
    await asAdmin(admin, sql => sql`update event_store.event set recorded_at = ${ahead}`)
    await store.append('tried-1', 0n, [event('alone')])
    await store.append('tried-2', 'no_stream', [event('one'), event('two')])
    expect((await all(store.readAll())).map(({ recordedAt }) => recordedAt)).toEqual([ahead, ahead, ahead, ahead])
  } finally {
    await store.close()
  }
})
