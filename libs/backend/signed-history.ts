import type { Sql } from 'postgres'
import { type Remembered, type Rememberers, remembered } from '#ledger/remembered'
import { type Halt, haltsOf } from '#ledger/postgres/halts'
import type { LedgerReader } from '#ledger/postgres/ledger-reader'
import { sameHash } from '#merkle/tree-hash'
import type { Part } from './health.js'

type Ledger = Pick<LedgerReader, 'standing' | 'rootAt' | 'before'>
/** What was remembered is asked again after so long: whoever asks for health every second asks nobody outside as often. */
const holdsForMs = 10_000
const remedy = 'Nobody may rely on this history until it is explained: docs/operations.md, “When the audit ledger does not go on”.'

/**
 * What health says of the ledger against those who remember it and are not in the database: the signer, the witnesses, the sink; and what
 * a worker found. Each is asked, or read, anew: a database that was put back has nothing to forget, and what was mended is ready again.
 */
export class SignedHistory {
  #asked: { readonly at: number; readonly origin: string | undefined; readonly said: Promise<readonly Remembered[]> } | undefined

  constructor(
    private readonly sql: Sql,
    private readonly ledger: Ledger,
    private readonly rememberers: () => Rememberers,
    private readonly now = () => performance.now(),
  ) {}

  async part(): Promise<Part> {
    const part = 'signed history'
    try {
      const why = await this.#differs()
      return why === undefined ? { part, ready: true } : { part, ready: false, why: `${why} ${remedy}` }
    } catch {
      return { part, ready: false, why: 'it cannot be compared: the database cannot be reached' }
    }
  }

  async #differs(): Promise<string | undefined> {
    const origin = (await this.ledger.standing())?.origin ?? (await this.ledger.before())?.note.split('\n')[0]
    const outside = await this.#remembered(origin)
    // What was signed later than this the ledger holds by then.
    const standing = await this.ledger.standing()
    for (const said of outside) {
      if (said.kind === 'not believed') return `What ${said.by} keeps is not to be believed: ${said.why}.`
      const last = said.kind === 'remembers' ? said.checkpoints.at(-1) : undefined
      if (!last || last.size === 0) continue
      if (!standing)
        return `${said.by} remembers ${last.size} leaves of ${last.origin}, and no ledger in the database goes on: it was ended or is gone.`
      if (last.origin !== standing.origin) return `${said.by} signs for ${last.origin}, and the ledger that goes on is ${standing.origin}.`
      if (last.size > standing.size)
        return (
          `${said.by} remembers ${last.size} leaves, and the ledger holds ${standing.size}: `
          + 'the database is an older copy, or was cut off.'
        )
      if (!sameHash(await this.ledger.rootAt(standing.log, last.size), last.root))
        return `${said.by} remembers another ledger of ${last.size} leaves.`
    }
    const halts = await haltsOf(this.sql)
    return halts.length === 0 ? undefined : halts.map(inWords).join(' ')
  }

  #remembered(origin: string | undefined): Promise<readonly Remembered[]> {
    const known = this.#asked
    if (known && known.origin === origin && this.now() - known.at < holdsForMs) return known.said
    const said = remembered(this.rememberers(), origin, 'newest')
    this.#asked = { at: this.now(), origin, said }
    said.catch(() => {
      this.#asked = undefined
    })
    return said
  }
}

const inWords = ({ why, since }: Halt) => `${why.replace(/\.$/, '')} (since ${since}).`
