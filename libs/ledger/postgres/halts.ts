import type { Sql } from 'postgres'

/** Why the ledger does not go on, as a worker says it: which part of its work, in words, and since when. */
export type Halt = { readonly part: string; readonly why: string; readonly since: string }
/** `sequencing` and `signing` stop the ledger; a witness that saw another history stops nothing, and is as bad. */
export type HaltedPart = 'sequencing' | 'signing' | `witness ${string}`
export type HaltEars = { readonly halted: (halt: Omit<Halt, 'since'>) => void; readonly goesOn: (part: string) => void }

export async function haltsOf(sql: Sql): Promise<readonly Halt[]> {
  const rows = await sql<{ part: string; why: string; since: Date }[]>`select part, why, since from ledger.halt order by part`
  return rows.map(({ part, why, since }) => ({ part, why, since: since.toISOString() }))
}

/**
 * What this worker found that the ledger must not go on over. It is said anew each time it is found, so that a database that was put back
 * does not forget it, and is over only when the same part has gone on. @throws what the database throws
 */
export class Halts {
  readonly #told = new Map<string, string>()

  /** @param ears told of each once, and again when its reason is another. */
  constructor(
    private readonly sql: Sql,
    private readonly ears: HaltEars,
  ) {}

  async stands(part: HaltedPart, why: string): Promise<void> {
    if (this.#told.get(part) !== why) this.ears.halted({ part, why })
    this.#told.set(part, why)
    await this.sql`
      insert into ledger.halt (part, why) values (${part}, ${why})
      on conflict (part) do update set why = excluded.why where halt.why <> excluded.why`
  }

  /** Another worker, or the one before this one, may have said it. */
  async isOver(part: HaltedPart): Promise<void> {
    await this.sql`delete from ledger.halt where part = ${part}`
    if (this.#told.delete(part)) this.ears.goesOn(part)
  }

  async standsFor(part: HaltedPart): Promise<boolean> {
    return this.#told.has(part) || (await haltsOf(this.sql)).some(halt => halt.part === part)
  }
}
