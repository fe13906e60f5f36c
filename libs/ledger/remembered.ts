import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { type Checkpoint, parseCheckpointText } from '#merkle/checkpoint'
import { FormatError, SignatureRefused, Unsupported } from '#merkle/format-error'
import { openNote } from '#merkle/note'
import { type VerifierKey, parseVerifierKey } from '#merkle/note-key'
import { TrustPolicy } from '#merkle/trust-policy'
import { sinkNotes } from './checkpoint-sink.js'
import { SignerClient, SignerUnavailable } from './signer-client.js'
import { readSignerFolder } from './signer-folder.js'

/**
 * What somebody outside the database remembers of a ledger: checkpoints, the newest last. Who could not be asked, or whose memory is not
 * to be believed, is named with the reason.
 */
export type Remembered = { readonly by: string } & (
  | { readonly kind: 'remembers'; readonly checkpoints: readonly (Checkpoint & { readonly note: string })[] }
  | { readonly kind: 'not asked'; readonly why: string }
  | { readonly kind: 'not believed'; readonly why: string }
)
/** Where they are, as far as this process is told. */
export type Rememberers = {
  readonly signer: { readonly folder: string; readonly socket: string }
  readonly policyFile: string | undefined
  readonly sink: string | undefined
}
const patience = 5_000

/**
 * Asks the signer, and for the ledger of this name every witness of the policy and the sink. @param which of the checkpoints in the sink:
 * the others keep the newest alone. @param keys of which one signed
 */
export async function remembered(
  { signer, policyFile, sink }: Rememberers,
  origin: string | undefined,
  which: 'all' | 'newest',
  keys: readonly VerifierKey[] = [],
): Promise<readonly Remembered[]> {
  const policy = policyFile === undefined ? undefined : TrustPolicy.parse(readFileSync(policyFile))
  const ofSigner = await bySigner(signer)
  const known = [...keys, ...(policy?.logs ?? []), ...ofSigner.keys]
  const asked = policy?.witnesses.flatMap(({ name, url }) => (url === undefined ? [] : [{ name, url }])) ?? []
  return [
    ofSigner.said,
    ...(policyFile === undefined ? [{ by: 'witnesses', kind: 'not asked', why: 'CASELEDGER_LEDGER_POLICY names none' } as const] : []),
    ...(origin === undefined ? [] : await Promise.all(asked.map(witness => byWitness(witness, origin, known)))),
    bySink(sink, origin, which, known),
  ]
}

async function bySigner({ folder, socket }: Rememberers['signer']): Promise<{ said: Remembered; keys: readonly VerifierKey[] }> {
  const by = 'the signer'
  try {
    const client = new SignerClient(socket)
    const keys = (await client.vkeys()).map(parseVerifierKey)
    return { keys, said: opened(by, [await client.last()], keys) }
  } catch (error) {
    if (!(error instanceof SignerUnavailable)) return { keys: [], said: notBelieved(by, error) }
  }
  try {
    if (!existsSync(folder)) return { keys: [], said: { by, kind: 'not asked', why: 'it does not answer, and its folder is not here' } }
    const { keys, last } = readSignerFolder(folder)
    const verifiers = keys.map(({ verifier }) => verifier)
    return { keys: verifiers, said: opened(by, [last?.note], verifiers) }
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT'].includes((error as { code?: string }).code ?? ''))
      return { keys: [], said: { by, kind: 'not asked', why: 'it does not answer, and its folder is not for this user' } }
    return { keys: [], said: notBelieved(by, error) }
  }
}

async function byWitness(
  { name, url }: { readonly name: string; readonly url: string },
  origin: string,
  keys: readonly VerifierKey[],
): Promise<Remembered> {
  const by = `the witness ${name}`
  try {
    const hash = createHash('sha256').update(origin).digest('hex')
    const answer = await fetch(`${url.replace(/\/$/, '')}/${hash}/checkpoint`, { signal: AbortSignal.timeout(patience) })
    const note = await answer.text()
    if (answer.status === 404) return { by, kind: 'remembers', checkpoints: [] }
    if (answer.status !== 200) return { by, kind: 'not asked', why: `it answered ${answer.status}` }
    const said = opened(by, [note], keys)
    // What somebody else shows in our name proves nothing, and stops nothing here.
    return said.kind === 'not believed' ? { by, kind: 'not asked', why: 'what it answers is not signed by this ledger' } : said
  } catch {
    return { by, kind: 'not asked', why: 'it does not answer' }
  }
}

function bySink(folder: string | undefined, origin: string | undefined, which: 'all' | 'newest', keys: readonly VerifierKey[]): Remembered {
  const by = 'the sink'
  if (folder === undefined) return { by, kind: 'not asked', why: 'CASELEDGER_CHECKPOINT_SINK names none' }
  let notes: readonly string[]
  try {
    notes = sinkNotes(folder, which)
  } catch {
    return { by, kind: 'not asked', why: 'its folder cannot be read' }
  }
  // One that was there before this ledger keeps those of the ledger before it, too.
  return opened(
    by,
    notes.filter(note => note.startsWith(`${origin ?? ''}\n`)),
    keys,
  )
}

/** Of notes that one of the keys signed. */
function opened(by: string, notes: readonly (string | undefined)[], keys: readonly VerifierKey[]): Remembered {
  try {
    const kept = notes.filter(note => note !== undefined)
    if (kept.length > 0 && keys.length === 0) return { by, kind: 'not asked', why: 'no key of the ledger is known here' }
    return { by, kind: 'remembers', checkpoints: kept.map(note => ({ ...parseCheckpointText(openNote(note, keys).text), note })) }
  } catch (error) {
    return notBelieved(by, error)
  }
}

function notBelieved(by: string, error: unknown): Remembered {
  if (error instanceof FormatError || error instanceof SignatureRefused || error instanceof Unsupported)
    return { by, kind: 'not believed', why: error.message }
  throw error
}
