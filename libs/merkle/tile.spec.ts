import { FormatError } from './format-error.js'
import { parseTilePath, tilePath } from './tile.js'

describe('tile paths', () => {
  test.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 2, index: 1_234_067, width: 8 }, 'tile/2/x001/x234/067.p/8'],
    [{ level: 'entries', index: 1_000, width: 255 }, 'tile/entries/x001/000.p/255'],
    [{ level: 63, index: 999, width: 1 }, 'tile/63/999.p/1'],
  ] as const)('%j is %s', (place, path) => {
    expect(tilePath(place)).toBe(path)
    expect(parseTilePath(path)).toEqual(place)
  })
  test.each([
    'tile/00/000',
    'tile/64/000',
    'tile/0/0',
    'tile/0/x000/000',
    'tile/0/1234',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/000.p/08',
    'tile/0/001/002',
    'tile/0/x001/x002',
    '/tile/0/000',
    'tile/0/000/',
    'tile/entries/../000',
    'tile/-1/000',
  ])('%s is no tile', path => {
    expect(() => parseTilePath(path)).toThrow(FormatError)
  })
})
