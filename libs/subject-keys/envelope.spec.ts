import { createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { canonicalJson } from '#event-kit/canonical'
import { scopes } from '#event-kit/scope'
import { declaredPlace, openValue, sealValue } from './envelope.js'

const key = randomBytes(32)

test('the AAD is the canonical JSON of version, key, subject, scope and place: what others sealed so opens, and the reverse', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...scopes),
      fc.string({ unit: 'grapheme' }),
      fc.uuid(),
      fc.uuid(),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      (scope, path, kid, subject, value) => {
        const at = `${randomUUID()}|T.v1|${path}`
        const sealed = sealValue(key, kid, subject, scope, at, JSON.stringify(value))
        const bytes = Buffer.from(sealed.ct, 'base64url')
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64url'))
          .setAAD(Buffer.from(canonicalJson({ v: 1, kid, subject, scope, at })))
          .setAuthTag(bytes.subarray(-16))
        const padded = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
        expect([JSON.parse(padded.toString()), Math.log2(padded.length) % 1, padded.length >= 64]).toEqual([value, 0, true])
        expect(openValue(key, subject, scope, sealed)).toBe(value)
      },
    ),
  )
})
test('no IV is given out twice', () => {
  const ivs = Array.from({ length: 2_000 }, () => sealValue(key, randomUUID(), randomUUID(), 'ID', 'e|T.v1|f', '"x"').iv)
  expect(new Set(ivs).size).toBe(ivs.length)
})
test('a place is told without its event and version, and without the number in a list', () => {
  for (const _ of [1, 2])
    expect([declaredPlace('e|T.v12|a.0.b'), declaredPlace('other|T.v1|a.17.b'), declaredPlace('e|T.v1|a0.b')]).toEqual([
      'T|a.*.b',
      'T|a.*.b',
      'T|a0.b',
    ])
})
