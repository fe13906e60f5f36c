declare const of: unique symbol

/**
 * A value about a person as it lies in an event or a row: sealed, with all that opening and checking it needs. Version 1 of the envelope.
 */
export type Sealed = {
  readonly v: 1
  /** The random id of the data key. */
  readonly kid: string
  /** 96 random bits, base64url. */
  readonly iv: string
  /** AES-256-GCM ciphertext of the padded canonical JSON, then the 16-byte tag; base64url. */
  readonly ct: string
  /** Where it was sealed: `<eventId>|<Type>.v<n>|<path>`. Part of the AAD, so a moved ciphertext does not open. */
  readonly at: string
}

/**
 * A value about a person. The domain can carry it and store it, and can do nothing else with it.
 * Only the vault opens it, for reads that are authorised and logged.
 */
export class Personal<T> {
  declare readonly [of]: T
  readonly #held: { readonly fresh: T } | { readonly sealed: Sealed }
  private constructor(held: { readonly fresh: T } | { readonly sealed: Sealed }) {
    this.#held = held
  }

  /** A value that has just arrived and is not stored yet. */
  static of<T>(fresh: T) {
    return new Personal<T>({ fresh })
  }
  /** The same, where there is one. */
  static given<T>(fresh: T | undefined) {
    return fresh === undefined ? undefined : Personal.of(fresh)
  }
  /** A value read from an event or a row. Nothing is decrypted and no key is looked up. */
  static sealed<T>(sealed: Sealed) {
    return new Personal<T>({ sealed })
  }

  /** For the codec, the vault, read models (which copy what is sealed) and the spec harness; an architecture test lists its callers. */
  static look<T, R>(personal: Personal<T>, on: { readonly fresh: (value: T) => R; readonly sealed: (sealed: Sealed) => R }): R {
    const held = personal.#held
    return 'fresh' in held ? on.fresh(held.fresh) : on.sealed(held.sealed)
  }

  /** The key that a stored value is sealed under. It says nothing of the value. */
  static keyOf(personal: Personal<unknown>): string | undefined {
    const held = personal.#held
    return 'sealed' in held ? held.sealed.kid : undefined
  }

  toString() {
    return '[personal]'
  }
  toJSON(): never {
    throw new TypeError('Personal data reached JSON outside the event codec')
  }
  /** What console.log and util.inspect show. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return '[personal]'
  }
}
