import { FormatError, SignatureRefused, Unsupported } from '#merkle/format-error'
import { openNote } from '#merkle/note'
import type { VerifierKey } from '#merkle/note-key'
import type { TrustPolicy } from '#merkle/trust-policy'
import type { Hash } from '#merkle/tree-hash'
import { addCheckpointText } from '#merkle/witness-request'

type Reachable = { readonly name: string; readonly key: VerifierKey; readonly url: string }
export type Cosigned = { readonly witness: string; readonly line: string }
/** What it means that a witness did not cosign: it is away or not set up, or it has seen another history than the one that it was shown. */
export type Unseen = 'away' | 'another history'
type WitnessFailed = (witness: string, why: string, unseen: Unseen) => void
const patience = 10_000

/**
 * The witnesses of a policy that have an address: each is shown every checkpoint once, by c2sp.org/tlog-witness. One that does not answer
 * holds up nobody.
 */
export class Witnesses {
  readonly #reachable: readonly Reachable[]
  /** What each witness saw last, as far as we know. */
  readonly #saw = new Map<string, number>()
  readonly #cosigned = new Map<string, number>()

  /** @param told of a witness that does not answer or refuses: each time it is asked. @param cosigned told of one that did. */
  constructor(
    policy: TrustPolicy,
    private readonly told: WitnessFailed,
    private readonly cosigned: (witness: string) => void = () => undefined,
  ) {
    this.#reachable = policy.witnesses.flatMap(({ name, key, url }) => (key && url !== undefined ? [{ name, key, url }] : []))
  }

  /** Their signatures of a checkpoint: of those that have not given theirs yet. */
  async cosign(size: number, note: string, proofFrom: (old: number) => Promise<readonly Hash[]>): Promise<readonly Cosigned[]> {
    const asked = this.#reachable.filter(({ name }) => this.#cosigned.get(name) !== size)
    const answers = await Promise.all(
      asked.map(async witness => {
        try {
          const line = await this.#ask(witness, size, note, proofFrom)
          this.cosigned(witness.name)
          return [{ witness: witness.name, line }]
        } catch (error) {
          if (error instanceof Refused) this.told(witness.name, error.message, error.unseen)
          else this.told(witness.name, 'it does not answer', 'away')
          return []
        }
      }),
    )
    return answers.flat()
  }

  async #ask(
    { name, key, url }: Reachable,
    size: number,
    note: string,
    proofFrom: (old: number) => Promise<readonly Hash[]>,
  ): Promise<string> {
    for (let tries = 0; tries < 2; tries++) {
      const old = this.#saw.get(name) ?? 0
      const body = addCheckpointText({ old, proof: old === 0 || old >= size ? [] : await proofFrom(old), checkpoint: note })
      const answer = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
        method: 'POST',
        body,
        signal: AbortSignal.timeout(patience),
      })
      const text = await answer.text()
      if (answer.status === 200) {
        const line = lineBy(key, note, text)
        this.#saw.set(name, size)
        this.#cosigned.set(name, size)
        return line
      }
      if (answer.status === 422) throw new Refused('it has seen another history: it answered 422', 'another history')
      if (answer.status !== 409 || !/^(0|[1-9][0-9]{0,15})\n$/.test(text)) throw new Refused(`it answered ${answer.status}`)
      const saw = Number(text.trim())
      if (saw > size) throw new Refused(`it has seen ${saw} leaves, and there are ${size}`, 'another history')
      this.#saw.set(name, saw)
    }
    throw new Refused('it changed its mind about what it saw last')
  }
}
class Refused extends Error {
  constructor(
    why: string,
    readonly unseen: Unseen = 'away',
  ) {
    super(why)
  }
}

/** @throws Refused unless the witness's own key signed this note. */
function lineBy(key: VerifierKey, note: string, lines: string): string {
  try {
    const [signed] = openNote(note + lines, [key]).signedBy
    if (signed) return signed.line
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof SignatureRefused || error instanceof Unsupported)) throw error
  }
  throw new Refused('its answer is not signed by its key')
}
