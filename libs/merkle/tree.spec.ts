import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { proveConsistency, proveInclusion, rootFromTiles, verifyConsistency, verifyInclusion } from './proof.js'
import { TreeEdge } from './tree-edge.js'
import { sha256, sha256Text } from './sha256.js'
import { type Hash, emptyRoot, leafHash, nodeHash } from './tree-hash.js'
import { widthIn } from './tile.js'

/** RFC 6962 section 2.1, word for word. */
function root(leaves: readonly Hash[]): Hash {
  if (leaves.length <= 1) return leaves[0] ?? emptyRoot()
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(root(leaves.slice(0, k)), root(leaves.slice(k)))
}
const most = 300
const leaves = Array.from({ length: most }, (_, n) => leafHash(Buffer.from(`entry ${n}`)))
const roots = Array.from({ length: most + 1 }, (_, n) => root(leaves.slice(0, n)))
const rootOf = (size: number) => roots[size]!
/** Tiles as a log of three hundred leaves would have them at a size. */
const rows = [leaves, [rootOf(256)]]
const tiles = (level: number, index: number, width: number) =>
  Promise.resolve(Buffer.concat(rows[level]!.slice(index * 256, index * 256 + width)))
const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Buffer.from(bytes)
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

test('a text is hashed as its bytes in UTF-8, with the prefix of its kind', () => {
  const text = 'an entry, é and 😀'
  const plain = (...parts: readonly (string | Uint8Array)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256'))
  expect(sha256(text)).toEqual(plain(text).digest())
  expect([sha256Text(text, 'hex'), sha256Text(Buffer.from(text), 'base64')]).toEqual([
    plain(text).digest('hex'),
    plain(text).digest('base64'),
  ])
  for (const entry of [text, Buffer.from(text)]) expect(leafHash(entry)).toEqual(plain(Buffer.from([0]), text).digest())
  expect(nodeHash(leafHash('a'), leafHash('b'))).toEqual(plain(Buffer.from([1]), leafHash('a'), leafHash('b')).digest())
})
test('leaves appended one by one make the root of RFC 6962 at every size, from any size on', () => {
  const edge = new TreeEdge()
  expect(Buffer.from(edge.root())).toEqual(emptyRoot())
  for (const [n, leaf] of leaves.entries()) {
    edge.append(leaf)
    expect(Buffer.compare(edge.root(), rootOf(n + 1))).toBe(0)
    expect(Buffer.compare(new TreeEdge(edge.size, edge.tiles).root(), rootOf(n + 1))).toBe(0)
  }
})
test('a tile is told of when it has its 256 hashes, and the tile above begins with its root', () => {
  const edge = new TreeEdge()
  const told = leaves.flatMap(leaf => edge.append(leaf))
  expect(told).toEqual([{ level: 0, index: 0, hashes: Buffer.concat(leaves.slice(0, 256)) }])
  expect(edge.tiles.map(tile => tile.length)).toEqual([44, 1])
  expect(Buffer.compare(edge.tiles[1]![0]!, rootOf(256))).toBe(0)
})
test('tiles of a tree of more than 65,536 leaves: the third level begins, and the edge can be taken up again', () => {
  const edge = new TreeEdge()
  const leaf = leafHash(Buffer.from('x'))
  const told = Array.from({ length: 65_537 }, () => edge.append(leaf)).flat()
  expect(told.filter(({ level }) => level === 0).map(({ index }) => index)).toEqual(Array.from({ length: 256 }, (_, n) => n))
  expect(told.filter(({ level }) => level === 1).map(({ index }) => index)).toEqual([0])
  expect(edge.tiles.map(tile => tile.length)).toEqual([1, 0, 1])
  expect(Buffer.compare(new TreeEdge(edge.size, edge.tiles).root(), edge.root())).toBe(0)
})
test('an edge that is not that of a tree of its size is refused', () => {
  expect(() => new TreeEdge(3, [leaves.slice(0, 2)])).toThrow('a tree of 3 leaves has 3 hashes')
  expect(() => new TreeEdge(1, [leaves.slice(0, 1), leaves.slice(0, 1)])).toThrow(RangeError)
  expect(() => new TreeEdge(256, [[]])).toThrow(RangeError)
})
test('every leaf of every tree up to sixty-five is proved, and nothing beside it', async () => {
  for (let size = 1; size <= 65; size++) {
    for (let index = 0; index < size; index++) {
      const proof = await proveInclusion(index, size, tiles)
      expect(verifyInclusion(index, size, leaves[index]!, proof, rootOf(size))).toBe(true)
      expect(verifyInclusion(index, size, leaves[index]!, proof, rootOf(size - 1))).toBe(false)
      expect(verifyInclusion(index + 1, size, leaves[index]!, proof, rootOf(size))).toBe(false)
      expect(verifyInclusion(index, size, leaves[index]!, [...proof, leaves[0]!], rootOf(size))).toBe(false)
      if (proof.length > 0) expect(verifyInclusion(index, size, leaves[index]!, proof.slice(1), rootOf(size))).toBe(false)
    }
  }
})
test('every proof of consistency between two sizes up to three hundred holds, and not for the root of another size', async () => {
  for (let second = 1; second <= most; second++) {
    for (let first = 1; first <= second; first += second < 66 || second > 296 ? 1 : 13) {
      const proof = await proveConsistency(first, second, tiles)
      expect(verifyConsistency(first, second, proof, rootOf(first), rootOf(second))).toBe(true)
      expect(verifyConsistency(first, second, proof, rootOf(first - 1), rootOf(second))).toBe(false)
      expect(verifyConsistency(first, second, proof, rootOf(first), rootOf(second - 1))).toBe(false)
    }
  }
})
test('one bit is enough, in a leaf, a root or any hash of a proof', async () => {
  const [index, size, first] = [200, 300, 130]
  const [inclusion, consistency] = [await proveInclusion(index, size, tiles), await proveConsistency(first, size, tiles)]
  for (let bit = 0; bit < 256; bit += 5) {
    expect(verifyInclusion(index, size, flip(leaves[index]!, bit), inclusion, rootOf(size))).toBe(false)
    expect(verifyInclusion(index, size, leaves[index]!, inclusion, flip(rootOf(size), bit))).toBe(false)
    expect(verifyConsistency(first, size, consistency, flip(rootOf(first), bit), rootOf(size))).toBe(false)
    expect(verifyConsistency(first, size, consistency, rootOf(first), flip(rootOf(size), bit))).toBe(false)
    for (const n of inclusion.keys())
      expect(verifyInclusion(index, size, leaves[index]!, inclusion.with(n, flip(inclusion[n]!, bit)), rootOf(size))).toBe(false)
    for (const n of consistency.keys())
      expect(verifyConsistency(first, size, consistency.with(n, flip(consistency[n]!, bit)), rootOf(first), rootOf(size))).toBe(false)
  }
})
test('nothing is proved from size 0, to a smaller tree, or of a leaf that is not there', async () => {
  expect(verifyConsistency(0, 5, [], emptyRoot(), rootOf(5))).toBe(false)
  expect(verifyConsistency(0, 0, [], emptyRoot(), emptyRoot())).toBe(false)
  expect(verifyConsistency(5, 4, [], rootOf(5), rootOf(4))).toBe(false)
  expect(verifyConsistency(5, 5, [leaves[0]!], rootOf(5), rootOf(5))).toBe(false)
  expect(verifyConsistency(1.5, 5, [], rootOf(1), rootOf(5))).toBe(false)
  expect(verifyInclusion(-1, 5, leaves[0]!, [], rootOf(5))).toBe(false)
  expect(verifyInclusion(0, 1, Buffer.alloc(0), [], Buffer.alloc(0))).toBe(false)
  await expect(proveConsistency(0, 5, tiles)).rejects.toThrow('no proof of consistency from 0 to 5')
  await expect(proveConsistency(6, 5, tiles)).rejects.toThrow(RangeError)
  await expect(proveInclusion(5, 5, tiles)).rejects.toThrow('no leaf 5 in a tree of 5')
})
test('the root of a size is read from its tiles, and a tile of another width is refused', async () => {
  for (const size of [0, 1, 255, 256, 257, 300]) expect(Buffer.compare(await rootFromTiles(size, tiles), rootOf(size))).toBe(0)
  await expect(rootFromTiles(300, () => Promise.resolve(Buffer.alloc(32)))).rejects.toThrow('must hold 44 hashes')
})
test('how wide a tile is in a tree', () => {
  expect([0, 273, 274].map(index => widthIn(70_000, 0, index))).toEqual([256, 112, 0])
  expect([0, 1, 2].map(index => widthIn(70_000, 1, index))).toEqual([256, 17, 0])
  expect([widthIn(70_000, 2, 0), widthIn(70_000, 3, 0), widthIn(256, 1, 0)]).toEqual([1, 0, 1])
})

const vectors = '../shared/vectors/merkle'
type Vector = { desc: string; wantErr: boolean; proof: string[] | null } & (
  { leafIdx: number; treeSize: number; root: string; leafHash: string } | { size1: number; size2: number; root1: string; root2: string }
)
const given = existsSync(vectors) ? test : test.skip
given('the official vectors (skipped where ../shared is absent)', () => {
  const files = readdirSync(vectors, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.json'))
  const bytes = (text: string | null) => Buffer.from(text ?? '', 'base64')
  const answers = files.map(file => {
    const vector = JSON.parse(readFileSync(join(vectors, file), 'utf8')) as Vector
    const proof = (vector.proof ?? []).map(bytes)
    const holds =
      'leafIdx' in vector
        ? verifyInclusion(vector.leafIdx, vector.treeSize, bytes(vector.leafHash), proof, bytes(vector.root))
        : verifyConsistency(vector.size1, vector.size2, proof, bytes(vector.root1), bytes(vector.root2))
    return { file, holds, expected: !vector.wantErr }
  })
  expect(answers.filter(({ holds, expected }) => holds !== expected)).toEqual([])
  expect(answers.filter(({ expected }) => expected).length).toBeGreaterThan(3)
  expect(answers.length).toBeGreaterThan(70)
})
