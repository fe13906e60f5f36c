import { randomBytes, randomUUID } from 'node:crypto'
import type { Sql } from 'postgres'
import type { Scope } from '#event-kit/scope'
import { Batched } from '#kernel/batched'
import { keyCommitment } from '../envelope.js'
import { KeyMissing, SubjectErased } from '../subject-keys.js'
import { dataKeyAad, wrapKey } from '../wrapping.js'
import type { Epochs } from './epochs.js'
import { type KeyRow, byteaArray, reaching } from './key-rows.js'

/** A person and a category: one key at a time seals for it. */
export type Slot = { readonly subject: string; readonly scope: Scope }
export const slotOf = ({ subject, scope }: Slot) => `${subject}|${scope}`

/** The keys that seal now. */
export class CurrentKeys {
  readonly #held = new Batched<readonly Slot[], Map<string, KeyRow>>(requests => this.#heldOf(requests), 100)

  constructor(
    private readonly sql: Sql,
    private readonly epochs: Epochs,
  ) {}

  /** The current key of each slot; minted where there is none. @throws SubjectErased, KeyMissing */
  async of(slots: readonly Slot[]): Promise<ReadonlyMap<string, KeyRow>> {
    const found = await this.#held.one(slots)
    const missing = slots.filter(slot => !found.has(slotOf(slot)))
    if (missing.length > 0) for (const row of await this.#mint(missing)) found.set(slotOf(row), row)
    for (const slot of slots) if (!found.has(slotOf(slot))) throw await this.#whyNotMinted(slot)
    await this.epochs.knowThoseOf([...found.values()])
    return found
  }

  /** For each request the keys that its slots have: many requests ask in one statement. */
  async #heldOf(requests: readonly (readonly Slot[])[]): Promise<readonly Map<string, KeyRow>[]> {
    const slots = [...new Map(requests.flat().map(slot => [slotOf(slot), slot])).values()]
    const rows = await reaching(
      () => this.sql<KeyRow[]>`
      select distinct on (k.subject, k.scope) k.kid, k.subject, k.scope, k.generation, k.epoch, k.wrapped, k.kc from vault.data_key k
      join unnest(${slots.map(({ subject }) => subject)}::uuid[], ${slots.map(({ scope }) => scope)}::text[]) as n (subject, scope)
        on k.subject = n.subject and k.scope = n.scope
      where not exists (select from vault.closed_scope c where c.subject = k.subject and c.scope = k.scope)
        and not exists (select from vault.lost_key l where l.subject = k.subject and l.scope = k.scope and l.generation >= k.generation)
      order by k.subject, k.scope, k.generation desc`,
    )
    const found = new Map(rows.map(row => [slotOf(row), row]))
    return requests.map(
      mine =>
        new Map(
          mine.flatMap(slot => {
            const row = found.get(slotOf(slot))
            return row ? [[slotOf(slot), row]] : []
          }),
        ),
    )
  }

  async #whyNotMinted({ subject, scope }: Slot): Promise<Error> {
    const [lost] = await reaching(
      () => this.sql<{ kid: string }[]>`
      select kid from vault.lost_key l where subject = ${subject}::uuid and scope = ${scope}
        and not exists (select from vault.closed_scope c where c.subject = l.subject and c.scope = l.scope)`,
    )
    return lost ? new KeyMissing(lost.kid) : new SubjectErased(scope)
  }

  async #mint(slots: readonly Slot[]): Promise<readonly KeyRow[]> {
    return this.epochs.knowing(() => {
      const { epoch, wrapping } = this.epochs.open
      const minted = slots.map(slot => {
        const key = randomBytes(32)
        const kid = randomUUID()
        const row = { kid, wrapped: wrapKey(wrapping, key, dataKeyAad({ kid, ...slot, epoch })), kc: keyCommitment(key) }
        key.fill(0)
        return row
      })
      return this.sql<KeyRow[]>`
        select * from vault.mint(${minted.map(row => row.kid)}::uuid[], ${slots.map(slot => slot.subject)}::uuid[],
          ${slots.map(slot => slot.scope)}::text[], ${this.epochs.providerKeys}::uuid[],
          ${byteaArray(minted.map(row => row.wrapped))}::text::bytea[], ${minted.map(row => row.kc)}::text[])`
    })
  }
}
