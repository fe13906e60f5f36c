import { checkpointText } from '#merkle/checkpoint'
import { noteOf, signatureLine } from '#merkle/note'
import { TreeEdge } from '#merkle/tree-edge'
import { leafHash } from '#merkle/tree-hash'
import type { Random } from '../../support/random.js'
import { changedBase64In, changedBytes, changedJson, changedLines } from './bytes.js'
import { changedDer } from './der-bytes.js'
import { type Files, type Keys, sealPack, withManifest } from './honest.js'

/** One question to both verifiers, before it is written to a disk. */
export type Case = {
  files: Files
  policy: Buffer
  old: Buffer[]
  tsa: Buffer[]
  /** With which it is compared: `--exported`. */
  later: Files | undefined
  /** Instead of the bundle, a proof by itself. */
  receipt: Buffer | undefined
  /** Of the folder: what no file of bytes can say. */
  readonly beside: { readonly path: string; readonly kind: 'folder' | 'link' | 'odd name' }[]
  /** Which changes were made, in words. */
  readonly changes: string[]
}
type Mutation = (dice: Random, one: Case, keys: Keys) => string | undefined

const ofForm = { json: changedJson, bytes: changedBytes, lines: changedLines, base64: changedBase64In, der: changedDer } as const
type Form = keyof typeof ofForm
const anyForm = (dice: Random): Form => dice.pick(Object.keys(ofForm) as Form[])

const entriesPath = /^data\/log\/tile\/entries\//
const hashesPath = /^data\/log\/tile\/0\//
const pathIn = (dice: Random, { files }: Case, which: RegExp) => {
  const paths = [...files.keys()].filter(path => which.test(path))
  return paths.length === 0 ? undefined : dice.pick(paths)
}
/** A file that matches, changed in this way. */
const inFile =
  (which: RegExp, forms: readonly Form[]): Mutation =>
  (dice, one) => {
    const path = pathIn(dice, one, which)
    if (path === undefined) return undefined
    const form = dice.pick(forms)
    one.files.set(path, ofForm[form](dice, one.files.get(path)!))
    return `${path}: ${form}`
  }

export function entriesIn(bytes: Buffer): Buffer[] {
  const entries: Buffer[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const end = at + 2 + bytes.readUInt16BE(at)
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return entries
}
const bundled = (entries: readonly Buffer[]) =>
  Buffer.concat(
    entries.flatMap(entry => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(Math.min(entry.length, 65_535))
      return [length, entry.subarray(0, 65_535)]
    }),
  )

/** A leaf that says something else, in a tree that was made and signed anew: what only the log's own signer could do. */
const resignedLeaf: Mutation = (dice, one, { log, witness }) => {
  const [entriesAt, hashesAt] = [pathIn(dice, one, entriesPath), pathIn(dice, one, hashesPath)]
  if (entriesAt === undefined || hashesAt === undefined) return undefined
  const entries = entriesIn(one.files.get(entriesAt)!)
  const at = dice.below(entries.length)
  entries[at] = dice.oneIn(8) ? changedBytes(dice, entries[at]!) : changedJson(dice, entries[at]!)
  if (entries[at].length > 65_535) return undefined
  const edge = new TreeEdge()
  for (const entry of entries) edge.append(leafHash(entry))
  one.files.set(entriesAt, bundled(entries))
  one.files.set(hashesAt, Buffer.concat(entries.map(entry => leafHash(entry))))
  const text = checkpointText({ origin: log.verifier.name, size: entries.length, root: edge.root() })
  one.files.set(
    'data/log/checkpoint',
    Buffer.from(noteOf(text, [signatureLine(log, text, 0), signatureLine(witness, text, 1_790_000_000)])),
  )
  one.old = []
  return `leaf ${at}: signed anew`
}

/** A checkpoint with another text, signed anew, or with other times of its witness. */
const resignedNote: Mutation = (dice, one, { log, witness }) => {
  const path = pathIn(dice, one, /checkpoint$|\.note$/)
  if (path === undefined) return undefined
  const note = one.files.get(path)!.toString('utf8')
  let text = note.slice(0, note.indexOf('\n\n') + 1)
  if (dice.oneIn(2)) text = changedLines(dice, Buffer.from(text)).toString('latin1')
  if (!text.endsWith('\n')) text += '\n'
  if (dice.oneIn(3))
    text = text.replace(/\n\d+\n/, `\n${dice.pick(['0', '01', '9007199254740991', '9007199254740992', '1'.repeat(21), '-1', '1e1'])}\n`)
  const time = dice.pick([0, 1, 253_402_300_799, 253_402_300_800, 2 ** 53 - 1, 2 ** 53, 2 ** 60])
  const lines = [signatureLine(log, text, 0), signatureLine(witness, text, time)]
  one.files.set(path, Buffer.from(noteOf(text, dice.oneIn(4) ? [...lines, ...lines] : lines)))
  return `${path}: signed anew`
}

const oddPaths = [
  'é',
  'a\\b',
  'a\nb',
  'C:x',
  'x'.repeat(255),
  'x'.repeat(256),
  'e\u0301',
  ' ',
  '\u{1f4be}'.repeat(63),
  '\u{1f4be}'.repeat(64),
  'DATA',
  '.hidden',
  '~',
]
const paths: Mutation = (dice, one) => {
  const path = pathIn(dice, one, /./)!
  switch (dice.below(6)) {
    case 0:
      one.files.delete(path)
      return `${path} is gone`
    case 1: {
      const to = `${dice.pick(['', 'data/', 'data/deep/deeper/'])}${dice.pick(oddPaths)}`
      one.files.set(to, dice.oneIn(2) ? Buffer.from('x') : one.files.get(path)!)
      return `a file ${JSON.stringify(to.slice(0, 40))}`
    }
    case 2: {
      const other = pathIn(dice, one, /./)!
      const content = one.files.get(path)!
      one.files.set(path, one.files.get(other)!)
      one.files.set(other, content)
      return `${path} and ${other} swapped`
    }
    case 3:
      one.files.delete(path)
      one.beside.push({ path, kind: 'folder' })
      return `${path} is a folder`
    case 4:
      one.beside.push({ path: `${path}.more`, kind: 'link' })
      return 'a link'
    default:
      one.beside.push({ path: 'data/', kind: 'odd name' })
      return 'a name that is not UTF-8'
  }
}

const changedPolicy: Mutation = (dice, one, { log, witness }) => {
  const text = one.policy.toString('latin1')
  const form = dice.below(5)
  if (form === 0) one.policy = changedBytes(dice, one.policy)
  else if (form === 1) one.policy = changedBase64In(dice, one.policy)
  else if (form === 2)
    one.policy = Buffer.from(
      text
        + dice.pick([
          `log ${log.verifier.vkey}\n`,
          `witness X ${witness.verifier.vkey}\n`,
          'origin x\n',
          'group g 1 W\n',
          'group none any V\n',
          '# é\n',
          '\u00a0\n',
          '\u000b\n',
          'quorum none\n',
        ]),
      'latin1',
    )
  else if (form === 3)
    one.policy = Buffer.from(
      text.replace(
        /^(log .*)$/m,
        `$1\n ${dice.pick(['origin other', `origin ${log.verifier.name}`, 'origin', `origin  ${log.verifier.name}\t`])}`,
      ),
      'latin1',
    )
  else
    one.policy = Buffer.from(
      text.replace(/^quorum .*$/m, dice.pick(['quorum W', 'quorum V', 'quorum none', 'quorum', 'quorum x'])),
      'latin1',
    )
  return 'the policy'
}

/** What is kept, and which authority is believed. */
const brought: Mutation = (dice, one) => {
  const which = dice.pick([one.old, one.tsa])
  if (which.length === 0) return undefined
  const at = dice.below(which.length)
  const pem = which[at]!.toString('latin1')
  const changedPem = () =>
    Buffer.from(
      pem.replace(/(?<=CERTIFICATE-----\n)[A-Za-z0-9+/=\n]+/, text => changedDer(dice, Buffer.from(text, 'base64')).toString('base64')),
    )
  which[at] = which === one.tsa && dice.oneIn(2) ? changedPem() : dice.oneIn(6) ? Buffer.alloc(0) : ofForm[anyForm(dice)](dice, which[at]!)
  return which === one.tsa ? 'a certificate' : 'a checkpoint that was kept'
}

/** By how often: most of what is there to read is in leaves, notes and payloads. */
const mutations: readonly (readonly [times: number, Mutation])[] = [
  [3, inFile(/scope\.json$/, ['json', 'json', 'json', 'bytes'])],
  [4, resignedLeaf],
  [3, resignedNote],
  [3, inFile(/checkpoint$|\.note$/, ['bytes', 'lines', 'base64'])],
  [3, inFile(/^data\/payloads/, ['json', 'bytes', 'lines', 'base64'])],
  [2, inFile(/^data\/headers/, ['json', 'bytes', 'lines', 'base64'])],
  [2, inFile(/^data\/log\/tile/, ['bytes', 'json'])],
  [8, inFile(/\.tsr$/, ['bytes', 'der', 'der', 'der'])],
  [2, inFile(/\.tlog-proof$/, ['bytes', 'lines', 'base64'])],
  [2, inFile(/^pack\.event\.json$/, ['json', 'bytes'])],
  [2, inFile(/^manifest/, ['bytes', 'lines'])],
  [1, inFile(/^bag/, ['bytes', 'lines'])],
  [3, inFile(/^data\/(events|fhir)|^README|^verify/, ['json', 'bytes', 'lines', 'base64'])],
  [3, paths],
  [2, changedPolicy],
  [2, brought],
]
const all = mutations.flatMap(([times, mutation]) => Array.from({ length: times }, () => mutation))

/** One to three changes; then, mostly, the manifest and what signs it are made anew, so that they reach what is read below it. */
export function mutated(dice: Random, one: Case, keys: Keys): void {
  if (one.receipt) {
    const form = anyForm(dice)
    if (dice.oneIn(3)) one.changes.push(changedPolicy(dice, one, keys) ?? '')
    else one.receipt = ofForm[form](dice, one.receipt)
    one.changes.push(`a receipt: ${form}`)
    return
  }
  if (one.later && dice.oneIn(3)) {
    const [earlier, later] = [one.files, one.later]
    one.files = later
    one.later = undefined
    mutated(dice, one, keys)
    one.files = earlier
    one.later = later
    return
  }
  const wanted = dice.oneIn(4) ? 2 + dice.below(2) : 1
  for (let tries = 0; one.changes.length < wanted && tries < 20; tries++) {
    const told = dice.pick(all)(dice, one, keys)
    if (told !== undefined) one.changes.push(told)
  }
  const isOfManifest = one.changes.some(change => change.startsWith('manifest'))
  if (dice.oneIn(8) || isOfManifest) return
  withManifest(one.files)
  if (one.files.has('pack.tlog-proof') && !one.changes.some(change => change.startsWith('pack')))
    sealPack(one.files, keys.log.verifier.name, keys)
}
