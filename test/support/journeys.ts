import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { inDatabase } from '#hosting/provision'
import { testServer } from './database.js'
import { eventStoreDbServer, newNamespace } from './eventstoredb.js'

type Journey = () => Promise<unknown>

/** The journey as `npm start` alone runs it: log and all else in the embedded PostgreSQL. */
export async function onPostgres(journey: Journey) {
  choose({ CASELEDGER_EVENT_STORE: 'postgres', DATABASE_URL: '' })
  await journey()
}

/** The same with a PostgreSQL of the operator's own. */
export async function onOwnPostgres(journey: Journey) {
  choose({ CASELEDGER_EVENT_STORE: 'postgres', DATABASE_URL: inDatabase(testServer(), `t_${randomBytes(6).toString('hex')}`) })
  await journey()
}

/** The same with the log in EventStoreDB, where there is one; the rest in the embedded PostgreSQL. */
export async function onEventStoreDb(journey: Journey) {
  const server = await eventStoreDbServer()
  if ('none' in server) {
    test.skip(`${basename(expect.getState().testPath ?? '')}: ${server.none}`, () => undefined)
    return
  }
  choose({
    CASELEDGER_EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: server.url,
    CASELEDGER_EVENT_STORE_NAMESPACE: newNamespace(),
    DATABASE_URL: '',
  })
  await journey()
  afterAll(() => server.stop())
}

const choose = (settings: Readonly<Record<string, string>>) => {
  Object.assign(process.env, settings)
}
