import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { InMemorySubjectKeys } from '#subject-keys/memory'
import { type Measurement, interleaved, measured } from './rate.js'

const valuesOfAnEvent = 6
const seconds = 1
const rounds = 5
const plaintext = JSON.stringify(randomBytes(149).toString('hex'))

/**
 * Seals the values of an event and opens them again, 300 bytes each, with the envelope's padding, AAD and encoding; the baseline is
 * AES-256-GCM of node:crypto alone.
 */
export async function* seal(): AsyncIterable<Measurement> {
  const keys = new InMemorySubjectKeys()
  const subject = randomUUID()
  const at = (n: number) => `${randomUUID()}|ReferralReceived.v1|person.field${n}`
  const ours = () =>
    values(async () => {
      const { sealed } = await keys.seal(
        Array.from({ length: valuesOfAnEvent }, (_, n) => ({ subject, scope: 'REF' as const, at: at(n), plaintext })),
      )
      await keys.open(sealed.map((one, n) => ({ subject, sealed: one, declared: [`ReferralReceived|person.field${n}`] })))
    })
  const key = randomBytes(32)
  const bytes = Buffer.from(plaintext)
  const bare = () =>
    values(() => {
      for (let n = 0; n < valuesOfAnEvent; n++) {
        const iv = randomBytes(12)
        const cipher = createCipheriv('aes-256-gcm', key, iv)
        const ct = Buffer.concat([cipher.update(bytes), cipher.final()])
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAuthTag(cipher.getAuthTag())
        JSON.parse(Buffer.concat([decipher.update(ct), decipher.final()]).toString())
      }
      return Promise.resolve()
    })
  await Promise.all([ours(), bare()])
  yield measured('seal', '6 values of 300 bytes', await interleaved(rounds, bare, ours), 'values/s')
}

async function values(batch: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  let done = 0
  while (performance.now() - start < seconds * 1_000) {
    await batch()
    done += valuesOfAnEvent
  }
  return done / ((performance.now() - start) / 1_000)
}
