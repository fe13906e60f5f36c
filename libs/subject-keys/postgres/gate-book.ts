import type { Sql } from 'postgres'
import { AdvisoryLock } from '#locks/advisory-lock'
import type { GatedVault, GateStanding } from '../restore-gate.js'
import { type KeyFact, KeyStoreUnavailable } from '../subject-keys.js'
import { reaching } from './key-rows.js'

const gateLock = 7305
const pause = 25

/** What the vault keeps about the restore gate, beside its keys. */
export class GateBook implements Omit<GatedVault, 'apply'> {
  /** @param asks how often another process that passes the gate is waited for, 25 ms each: fifteen seconds in all. */
  constructor(
    private readonly sql: Sql,
    private readonly asks = 600,
  ) {}

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    let left = this.asks
    const lock = await reaching(() =>
      AdvisoryLock.acquire(this.sql, gateLock, async () => {
        await new Promise(resolve => setTimeout(resolve, pause))
        return --left > 0
      }),
    )
    if (!lock) throw new KeyStoreUnavailable(new Error('another process is passing the restore gate'))
    try {
      const done = await work()
      lock.lost.throwIfAborted()
      return done
    } finally {
      await lock.release()
    }
  }

  async gateStanding(): Promise<GateStanding | undefined> {
    const [row] = await reaching(
      () =>
        this.sql<
          { position: string; event_id: string; journal_offset: string }[]
        >`select position, event_id, journal_offset from vault.gate`,
    )
    return row && { position: BigInt(row.position), eventId: row.event_id, journalOffset: Number(row.journal_offset) }
  }

  async moveGate({ position, eventId, journalOffset }: GateStanding) {
    await reaching(
      () => this.sql`insert into vault.gate (position, event_id, journal_offset) values (${String(position)}, ${eventId}, ${journalOffset})
      on conflict (one) do update set position = excluded.position, event_id = excluded.event_id, journal_offset = excluded.journal_offset,
        passed_at = clock_timestamp()`,
    )
  }

  async reinstate({ kid, subject, scope, generation }: KeyFact, goesOn: boolean) {
    await reaching(() => this.sql`select vault.reinstate(${kid}::uuid, ${subject}::uuid, ${scope}, ${generation}, ${goesOn})`)
  }

  async noteLost(announced: readonly KeyFact[]) {
    const column = <K extends keyof KeyFact>(name: K) => announced.map(key => key[name])
    await reaching(
      () => this.sql`
      delete from vault.lost_key l
      where exists (select from vault.data_key k where k.kid = l.kid) or exists (select from vault.destroyed_key d where d.kid = l.kid)`,
    )
    await reaching(
      () => this.sql`
      insert into vault.lost_key (kid, subject, scope, generation)
      select a.kid, a.subject, a.scope, a.generation
      from unnest(${column('kid')}::uuid[], ${column('subject')}::uuid[], ${column('scope')}::text[], ${column('generation')}::int[])
        as a (kid, subject, scope, generation)
      where not exists (select from vault.data_key k where k.kid = a.kid)
        and not exists (select from vault.destroyed_key d where d.kid = a.kid)
        and not exists (select from vault.closed_scope c where c.subject = a.subject and c.scope = a.scope)
      on conflict do nothing`,
    )
    const rows = await reaching(() => this.sql<{ kid: string }[]>`select kid from vault.lost_key order by kid`)
    return rows.map(({ kid }) => kid)
  }
}
