import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { visible } from '#decider/spec'
import { catalogue } from '#event-codec/catalogue'
import { EventCodec } from '#event-codec/codec'
import { sealedValuesIn } from '#event-codec/walk'
import { canonicalJson } from '#event-kit/canonical'
import type { JsonObject } from '#kernel/json'
import { allExamples } from '../support/all-examples.js'
import { metadata } from '../support/metadata.js'

const folder = dirname(fileURLToPath(import.meta.url))
const eventId = '00000000-0000-4000-9000-000000000001'
/** The same envelope for every value, so that the bytes of a golden file are the same for ever. */
const stableSeal = {
  seal: (values: readonly { readonly at: string }[]) =>
    Promise.resolve({
      sealed: values.map(({ at }) => ({
        v: 1 as const,
        kid: '00000000-0000-4000-8000-00000000000a',
        iv: 'AAAAAAAAAAAAAAAA',
        ct: 'U0VBTEVE',
        at,
      })),
      keys: [],
    }),
}
const codec = new EventCodec(catalogue, stableSeal)
const placed = { stream: 'person-1', revision: 0n, position: 1n, recordedAt: '2026-11-01T09:00:00.000Z' }
type Golden = { readonly type: string; readonly data: JsonObject; readonly metadata: JsonObject }

test('every event has an example', () => {
  expect(Object.keys(allExamples).sort()).toEqual([...catalogue.types].sort())
})

describe('stored bytes decode for ever', () => {
  test.each(catalogue.versions.map(def => [`${def.type}.v${def.version}`, def] as const))('%s', async (name, def) => {
    const file = join(folder, `${name}.json`)
    if (def.version === catalogue.current(def.type).version) {
      const { events } = await codec.encode([{ id: eventId, metadata, ...(allExamples[def.type] as { type: string; data: object }) }])
      const stored = `${canonicalJson({ type: events[0]!.type, data: events[0]!.data, metadata: events[0]!.metadata })}\n`
      if (process.env['CASELEDGER_UPDATE_GOLDEN'] === '1' && !existsSync(file)) writeFileSync(file, stored)
      expect(readFileSync(file, 'utf8')).toBe(stored)
    }
    const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden
    const decoded = codec.decode({ id: eventId, ...golden, ...placed })
    expect(decoded.type).toBe(def.type)
    expect(decoded.metadata).toEqual(metadata)
    expect(sealedValuesIn(decoded.data).length).toBe(JSON.stringify(golden.data).split('"ct":').length - 1)
    expect(visible(decoded.data)).toMatchObject({})
  })
  test('no golden file is left of an event that is gone', () => {
    const known = new Set(catalogue.versions.map(def => `${def.type}.v${def.version}.json`))
    expect(readdirSync(folder).filter(file => file.endsWith('.json') && !known.has(file))).toEqual([])
  })
})
