import type { Sql } from 'postgres'
import { withPatience } from '#event-store/patience'
import { overOneConnection } from './one-connection.js'

/** A pooler before the database gives each transaction another connection. Waiting does not mend this. */
export class TransactionPooler extends Error {
  constructor(url: string, setting: string) {
    const { hostname, port } = new URL(url)
    super(
      `PostgreSQL at ${hostname}:${port || '5432'} (${setting}) is behind a pooler that pools transactions, such as PgBouncer with `
        + `pool_mode=transaction: the locks and settings of a session are lost there. Let ${setting} name PostgreSQL itself, or a pool `
        + 'of sessions (pool_mode=session).',
    )
  }
}

const answerWithin = 2_000
const backend = async (sql: Sql) => (await sql<{ pid: number }[]>`select pg_backend_pid() as pid`.simple())[0]?.pid

/**
 * A connection keeps the server’s process that it has, and shares it with nobody: two are opened, and used in turns and at once.
 * @throws TransactionPooler; what the database throws
 */
export async function assertSessions(url: string, setting: string): Promise<void> {
  const pooled = () => new TransactionPooler(url, setting)
  await overOneConnection(url, one =>
    overOneConnection(url, async other => {
      const [mine, its] = [await backend(one), await backend(other)]
      if (mine === its) throw pooled()
      const kept = async (sql: Sql) => (await backend(sql)) === (sql === one ? mine : its)
      for (const [first, second] of [
        [one, other],
        [other, one],
      ] as const) {
        // One after the other: a pool gives each the connection that was free last, or the next in turn.
        for (const sql of [first, first, second, second]) if (!(await kept(sql))) throw pooled()
        // While the first is within a transaction, its connection is nobody else’s.
        await first`begin`.simple()
        const whileWithin = [await kept(first), await withPatience(answerWithin, kept(second)).catch(() => true)]
        await first`rollback`.simple()
        if (whileWithin.includes(false) || !(await kept(second))) throw pooled()
      }
    }),
  )
}
