import { sealedValuesIn } from '#event-codec/walk'
import type { DecodedEvent } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectKeyDestroyed } from '#event-kit/key-events'
import type { LoggedEvent } from '#event-store/event-store'
import { headerOf } from '#ledger/leaf'
import { parseCheckpointText } from '#merkle/checkpoint'
import { parseNote } from '#merkle/note'
import { verifyConsistency } from '#merkle/proof'
import { entryOf, parseEntry } from '#verifier/leaf-header'
import type { Backend } from '#backend/backend'

/** A key that was destroyed, and the leaf that says so: with its proof, once a checkpoint covers it. */
export type DestroyedKey = {
  readonly kid: string
  readonly scope: string
  readonly destroyedAt: string
  readonly eventId: string
  readonly leaf: number | undefined
  readonly proof: string | undefined
}
/** What one of these keys sealed: whether its leaf still says exactly what the event store holds. */
export type SealedLeaf = { readonly leaf: number | undefined; readonly eventId: string; readonly unchanged: boolean }
/**
 * What can be shown of an erasure (ledger.md §2.8): history goes on from before it, nothing that was sealed has changed, and nothing
 * opens it any more. References, codes and counts; no personal value.
 */
export type ErasureReport = {
  readonly subjectRef: string
  readonly log: string
  readonly destroyed: readonly DestroyedKey[]
  /**
   * The last checkpoint before the first key was destroyed, the newest one, and the proof between them. Undefined where nothing was
   * signed before.
   */
  readonly history:
    { readonly before: string; readonly after: string; readonly proof: readonly string[]; readonly consistent: boolean } | undefined
  readonly sealed: readonly SealedLeaf[]
  readonly keysFound: number
  readonly ciphertextsTried: number
  readonly ciphertextsOpened: number
}

/** Undefined where nothing of this person was erased. @throws StoreUnavailable, KeyStoreUnavailable */
export async function erasureReport(
  { store, codec, keys, ledger }: Pick<Backend, 'store' | 'codec' | 'keys' | 'ledger'>,
  subjectRef: string,
): Promise<ErasureReport | undefined> {
  const standing = await ledger.standing()
  const [events, destroyed] = [[] as { event: DecodedEvent; logged: LoggedEvent }[], [] as DestroyedKey[]]
  for await (const recorded of store.readStream(`person-${subjectRef}`)) {
    const event = codec.decode(recorded)
    events.push({ event, logged: { ...recorded, data: { json: recorded.data }, metadata: { json: recorded.metadata } } })
    if (event.type !== 'SubjectKeyDestroyed') continue
    const { kid, scope, destroyedAt } = event.data as DataOfEvent<typeof SubjectKeyDestroyed>
    const covered = standing && (await ledger.proofOf(standing.log, event.meta.eventId))
    destroyed.push({
      kid,
      scope,
      destroyedAt,
      eventId: event.meta.eventId,
      leaf: covered?.index,
      proof: covered?.kind === 'proved' ? covered.proof : undefined,
    })
  }
  if (!standing || destroyed.length === 0) return undefined
  const gone = new Set(destroyed.map(({ kid }) => kid))
  const underThem = events
    .map(one => ({ ...one, values: sealedValuesIn(one.event.data).filter(({ kid }) => gone.has(kid)) }))
    .filter(({ values }) => values.length > 0)
  const tried = underThem.flatMap(({ values }) => values)
  const scopes = [...new Set(destroyed.map(({ scope }) => scope))] as Parameters<typeof keys.remaining>[2]
  return {
    subjectRef,
    log: standing.origin,
    destroyed,
    history: await historyAcross(ledger, standing.log, Math.min(...destroyed.map(({ leaf }) => leaf ?? Infinity))),
    sealed: await Promise.all(
      underThem.map(async ({ logged }): Promise<SealedLeaf> => {
        const leaf = await ledger.leafOfEvent(standing.log, logged.id)
        return {
          leaf: leaf?.index,
          eventId: logged.id,
          unchanged:
            leaf !== undefined && entryOf(headerOf(standing.origin, logged, parseEntry(leaf.entry).prev)) === leaf.entry.toString('utf8'),
        }
      }),
    ),
    keysFound: (await keys.remaining(subjectRef, [...gone], scopes)).keys,
    ciphertextsTried: tried.length,
    ciphertextsOpened: await keys.probe(subjectRef, tried),
  }
}

/** The newest checkpoint that ends before a leaf, and the newest of all. */
async function historyAcross(ledger: Backend['ledger'], log: number, leaf: number): Promise<ErasureReport['history']> {
  const all = await ledger.checkpoints(log)
  const [before, after] = [all.findLast(({ size }) => size <= leaf), all.at(-1)]
  if (!before || !after) return undefined
  const [from, to] = [before, after].map(({ note }) => parseCheckpointText(parseNote(note).text)) as [
    ReturnType<typeof parseCheckpointText>,
    ReturnType<typeof parseCheckpointText>,
  ]
  const proof = from.size === to.size ? [] : await ledger.consistency(log, from.size, to.size)
  return {
    before: before.note,
    after: after.note,
    proof: proof.map(hash => Buffer.from(hash).toString('base64')),
    consistent: verifyConsistency(from.size, to.size, proof, from.root, to.root),
  }
}

const limit =
  'That no copy of a key survives anywhere, in a back-up, a memory or somebody’s hands, cannot be shown by mathematics. '
  + 'The erasure certificate says until when a copy of the database with the key folder could still open what was erased.'

/** Whether everything that can be shown was found so. */
export const isBorneOut = ({ history, sealed, keysFound, ciphertextsOpened, destroyed }: ErasureReport) =>
  history?.consistent === true
  && sealed.every(({ unchanged }) => unchanged)
  && keysFound === 0
  && ciphertextsOpened === 0
  && destroyed.every(({ proof }) => proof !== undefined)

const whereOnRecord = ({ leaf, proof }: ErasureReport['destroyed'][number]) =>
  leaf === undefined
    ? 'not yet in the ledger'
    : `leaf ${leaf}, ${proof === undefined ? 'which no checkpoint covers yet' : 'proved under the newest checkpoint'}`

/** The report for a person, in sentences. */
export function reportInWords(report: ErasureReport): readonly string[] {
  const { subjectRef, log, destroyed, history, sealed, keysFound, ciphertextsTried, ciphertextsOpened } = report
  const changed = sealed.filter(({ unchanged }) => !unchanged)
  return [
    `Erasure of ${subjectRef}, in the audit ledger ${log}.`,
    ...destroyed.map(key => `The key ${key.kid} for ${key.scope} was destroyed at ${key.destroyedAt}: ${whereOnRecord(key)}.`),
    history === undefined
      ? 'No checkpoint was signed before the first key was destroyed: nothing is said of the history before.'
      : history.consistent
        ? 'Nothing before was changed: the checkpoint before the erasure is a beginning of the newest one '
          + `(${history.proof.length} hashes prove it).`
        : 'THE HISTORY WAS CHANGED: the checkpoint before the erasure is no beginning of the newest one.',
    changed.length === 0
      ? `${sealed.length} events hold values that these keys had sealed; each has the digest that its leaf says.`
      : `CHANGED: ${changed.map(({ eventId, leaf }) => `event ${eventId} (leaf ${leaf ?? 'none'})`).join(', ')}.`,
    `The vault holds ${keysFound} of these keys. `
      + `${ciphertextsTried} sealed values were tried under every key of this person that is left; ${ciphertextsOpened} opened.`,
    limit,
    isBorneOut(report) ? 'Everything that can be shown was found so.' : 'Not everything that can be shown was found so: see above.',
  ]
}

const looks = 'body{font-family:sans-serif;max-width:60rem;margin:2rem auto;line-height:1.5}pre{background:#eee;padding:1rem;overflow:auto}'

/** The same as a page of its own. */
export function reportAsPage(report: ErasureReport): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const part = (title: string, text: string) => `<h2>${title}</h2>\n<pre>${escaped(text)}</pre>`
  const { history, destroyed } = report
  const checkpoints = history && [
    part('The checkpoint before', history.before),
    part('The newest checkpoint', history.after),
    part('Proof that the second goes on from the first', history.proof.join('\n')),
  ]
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Erasure report</title><style>${looks}</style></head>
<body>
<h1>Erasure report</h1>
${reportInWords(report)
  .map(line => `<p>${escaped(line)}</p>`)
  .join('\n')}
${checkpoints?.join('\n') ?? ''}
${destroyed.map(({ kid, proof }) => part(`Proof that the destruction of ${kid} is on record`, proof ?? 'none yet')).join('\n')}
</body>
</html>
`
}
