import { csvHeader, csvLine } from './event-lines.js'
import type { LeafHeader } from './leaf-header.js'
import { header } from './spec.js'

/** In base64 it begins with a plus, which a spreadsheet takes for a formula. */
const sha256 = Buffer.concat([Buffer.from([0xf8]), Buffer.alloc(31, 7)]).toString('base64')
const digest = { enc: 'jcs', sha256, len: 2 } as const
const cells = (of: LeafHeader) => {
  const values = csvLine(17, of).split(',')
  return Object.fromEntries(csvHeader.split(',').map((name, n) => [name, values[n]]))
}

test('a digest in the table is the one of the header, whatever byte it begins with', () => {
  expect(sha256).toMatch(/^\+/)
  const { datasha256hex = '', metadatasha256hex = '' } = cells({ ...header, data: digest, meta: digest })
  expect([datasha256hex, metadatasha256hex].map(hex => Buffer.from(hex, 'hex').toString('base64'))).toEqual([sha256, sha256])
})
test('a name that somebody else wrote into the log is no formula in a spreadsheet', () => {
  expect(cells({ ...header, type: '=1+1' })['type']).toBe("'=1+1")
})
