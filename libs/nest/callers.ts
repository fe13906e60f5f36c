import { createHash } from 'node:crypto'

const mostRemembered = 10_000
const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url')

/**
 * Whose requests count together for the rate limit: a caller whose token was believed counts by it; everybody else counts by address, so that nobody gets more by trying one
 * token after another.
 */
export class Callers {
  readonly #believed = new Set<string>()

  keyOf(authorization: string | undefined, address: string): string {
    const token = authorization === undefined ? undefined : digestOf(authorization)
    return token !== undefined && this.#believed.has(token) ? token : `address ${digestOf(address)}`
  }

  /** The token was checked, and is its bearer's. */
  believe(authorization: string | undefined): void {
    if (authorization === undefined) return
    this.#believed.add(digestOf(authorization))
    if (this.#believed.size > mostRemembered) this.#believed.delete(this.#believed.values().next().value as string)
  }
}
