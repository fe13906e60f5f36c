import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ExportRequest } from '#ledger/bundle/export-bundle'
import { checkpointText } from '#merkle/checkpoint'
import { noteOf, signatureLine } from '#merkle/note'
import { SigningKey } from '#merkle/note-key'
import { tlogProofText } from '#merkle/tlog-proof'
import { leafHash } from '#merkle/tree-hash'
import { manifestFile, packEvent, packProof, stampFile, stampedNote } from '#verifier/bundle-layout'
import { type LeafHeader, digestOf, entryOf } from '#verifier/leaf-header'
import { bundleOf, journalOf, publish, sequence, testSigner } from '../../support/ledger.js'
import { erase, refer } from '../../support/people.js'
import { TimeStamping } from '../../support/time-stamping.js'
import { world } from '../../support/world.js'

export type Files = Map<string, Buffer>
export type Honest = {
  readonly name: string
  readonly files: ReadonlyMap<string, Buffer>
  readonly policy: string
  readonly old: readonly string[]
  readonly tsa: readonly string[]
  /** A bundle of a later day, whose ledger says that this one was made. */
  readonly later?: ReadonlyMap<string, Buffer>
}
export type Keys = { readonly log: SigningKey; readonly witness: SigningKey }

/** Bundles of every kind, as the service exports them, with what an auditor brings along; and the keys with which they were signed. */
export async function honestBundles(): Promise<{ readonly bundles: readonly Honest[]; readonly keys: Keys }> {
  const [w, signer, tsa] = [await world(), await testSigner(), new TimeStamping()]
  const folders: string[] = []
  try {
    await journalOf(w, signer).open(signer.key.vkey)
    await erase(w, await refer(w))
    const stream = `tried-${randomUUID()}`
    const events = Array.from({ length: 6 }, (_, n) => ({ id: randomUUID(), type: 'Tried', data: { n, text: 'é\u{1f4be}' }, metadata: {} }))
    await w.store.append(stream, 'no_stream', events.slice(0, 3))
    await sequence(w, signer)
    await publish(w, signer)
    const early = (await w.ledger.newest())!.checkpoint.note
    await w.store.append(stream, 2n, events.slice(3))
    await sequence(w, signer)
    await publish(w, signer)
    const keys = {
      log: SigningKey.parse(readFileSync(join(signer.folder, 'ledger.key'), 'utf8').trim()),
      witness: SigningKey.generate('w.example', 'cosignature'),
    }
    const newest = (await w.ledger.newest())!.checkpoint
    const policy = [
      `log ${signer.key.vkey} https://ledger.example`,
      `witness W ${keys.witness.verifier.vkey}`,
      `witness V ${SigningKey.generate('v.example', 'cosignature').verifier.vkey}`,
      'group some any W V',
      'quorum some',
      '',
    ].join('\n')
    const text = newest.note.slice(0, newest.note.indexOf('\n\n') + 1)
    const cosigned = newest.note + signatureLine(keys.witness, text, 1_790_000_000)
    const made = async (scope: ExportRequest['scope'], headers: ExportRequest['headers']) => {
      const folder = await bundleOf(w, signer, scope, headers)
      folders.push(folder)
      return folder
    }
    const bundle = async (name: string, scope: ExportRequest['scope'], headers: ExportRequest['headers']): Promise<Honest> => {
      const files = filesIn(await made(scope, headers))
      files.set('data/log/checkpoint', Buffer.from(cosigned))
      return { name, files, policy, old: [early, cosigned], tsa: [] }
    }
    const all = await bundle('all', { kind: 'ALL' }, 'FULL')
    const stamped: Files = new Map(all.files)
    stamped.set(stampedNote(newest.size), Buffer.from(cosigned))
    stamped.set(stampFile(newest.size), tsa.stamp(cosigned))
    const bare: Files = new Map(stamped)
    bare.set(stampFile(newest.size), tsa.stamp(cosigned, 'tsa', { bare: true }))
    const packed: Files = new Map(all.files)
    const bundles = [
      all,
      await bundle('stream', { kind: 'STREAM', stream }, 'SCOPED'),
      await bundle('stream with all headers', { kind: 'STREAM', stream }, 'FULL'),
      await bundle('range', { kind: 'RANGE', from: 2, to: newest.size - 1 }, 'SCOPED'),
      { ...all, name: 'stamped', files: stamped, tsa: [tsa.ca] },
      { ...all, name: 'stamped, without a certificate', files: bare, tsa: [tsa.ca, tsa.pem('tsa')] },
      { ...all, name: 'pack', files: packed },
    ].map(one => ({ ...one, files: withManifest(new Map(one.files)) }))
    sealPack(bundles.at(-1)!.files, signer.origin, keys)
    const asMade = filesIn(await made({ kind: 'STREAM', stream }, 'SCOPED'))
    await sequence(w, signer)
    await publish(w, signer)
    const later = filesIn(await made({ kind: 'ALL' }, 'FULL'))
    const onRecord = { name: 'on record', files: asMade, later, policy: signer.policyText, old: [], tsa: [] }
    return { bundles: [...bundles, onRecord], keys }
  } finally {
    tsa.end()
    for (const folder of folders) rmSync(join(folder, '..'), { recursive: true, force: true })
    await w.end()
    await signer.stop()
  }
}

const filesIn = (folder: string): Files =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path.slice(folder.length + 1), readFileSync(path)] as const),
  )

/** The manifest of what is there now, as somebody makes it who changed something. */
export function withManifest(files: Files): Files {
  const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex')
  const lines = [...files.keys()].filter(path => path.startsWith('data/')).sort()
  files.set(manifestFile, Buffer.from(lines.map(path => `${digest(files.get(path)!)}  ${path}\n`).join('')))
  return files
}

/** The event that names the digest of the manifest, in a log of its own with the same origin: all that a pack asks for. */
export function sealPack(files: Files, origin: string, { log, witness }: Keys) {
  const manifestDigest = createHash('sha256').update(files.get(manifestFile)!).digest('base64url')
  const event = Buffer.from(JSON.stringify({ manifestDigest }))
  const header: LeafHeader = {
    v: 1,
    log: origin,
    stream: 'audit-1',
    rev: '0',
    id: '00000000-0000-4000-8000-000000000001',
    type: 'AuditPackMade',
    pos: '1',
    created: '2026-11-01T09:00:00.000Z',
    data: digestOf('jcs', event),
    meta: digestOf('jcs', '{}'),
    prev: '',
    kids: [],
  }
  const entry = Buffer.from(entryOf(header))
  const text = checkpointText({ origin, size: 1, root: leafHash(entry) })
  const checkpoint = noteOf(text, [signatureLine(log, text, 0), signatureLine(witness, text, 1_790_000_000)])
  files.set(packEvent, event)
  files.set(packProof, Buffer.from(tlogProofText({ index: 0, hashes: [], checkpoint, extra: entry })))
}
