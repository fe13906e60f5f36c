import crypto, { createHash } from 'node:crypto'

/**
 * SHA-256 as text; of bytes, or of a text in UTF-8. Node can do it at once from 20.12 on, in half the time; the verifier runs on any Node
 * 20.
 */
export const sha256Text: (content: string | Uint8Array, as: 'base64' | 'hex' | 'binary') => string =
  typeof (crypto as Partial<typeof crypto>).hash === 'function'
    ? (content, as) => crypto.hash('sha256', content, as)
    : (content, as) => createHash('sha256').update(content).digest(as)

/** By way of a text: a buffer that Node makes for each digest costs more than both ways together. */
export const sha256 = (content: string | Uint8Array): Buffer => Buffer.from(sha256Text(content, 'binary'), 'binary')
