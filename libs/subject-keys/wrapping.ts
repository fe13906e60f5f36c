import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** AES-256-GCM of a key under another key: iv ‖ ciphertext ‖ tag. */
export function wrapKey(under: Buffer, key: Buffer, aad: string): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', under, iv).setAAD(Buffer.from(aad))
  return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()])
}

/** @throws Error when the tag fails. */
export function unwrapKey(under: Buffer, wrapped: Buffer, aad: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', under, wrapped.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(aad))
    .setAuthTag(wrapped.subarray(-16))
  return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()])
}

/** What a wrapped data key is bound to: key, subject, scope and epoch. */
export const dataKeyAad = (key: { readonly kid: string; readonly subject: string; readonly scope: string; readonly epoch: number }) =>
  `dek-v1|${key.kid}|${key.subject}|${key.scope}|${key.epoch}`

/** A search token under another epoch's key. @throws Error when it was not wrapped under the first. */
export function rewrapToken(from: Buffer, to: Buffer, token: Buffer): Buffer {
  const iv = Buffer.alloc(8, 0xa6)
  const unwrap = createDecipheriv('id-aes256-wrap', from, iv)
  const mac = Buffer.concat([unwrap.update(token), unwrap.final()])
  const wrap = createCipheriv('id-aes256-wrap', to, iv)
  return Buffer.concat([wrap.update(mac), wrap.final()])
}

/** A deterministic token for equality search: AES-KW (RFC 3394) of an HMAC, so that a stolen table without the epoch's key finds nobody. */
export function indexToken(epochKey: Buffer, indexKey: Buffer, field: string, value: string): Buffer {
  const mac = createHmac('sha256', indexKey).update(field).update('\u0000').update(value).digest()
  const wrap = createCipheriv('id-aes256-wrap', epochKey, Buffer.alloc(8, 0xa6))
  return Buffer.concat([wrap.update(mac), wrap.final()])
}
