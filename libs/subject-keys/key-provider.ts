/** Where the key that wraps an epoch's wrapping key lives: a folder here, an HSM or a cloud key service elsewhere. */
export interface KeyProvider {
  /** Makes a key and answers its id. */
  create(): Promise<string>
  wrap(keyId: string, key: Buffer): Promise<Buffer>
  /** @throws WrongKeyProvider when the key is missing or another one. */
  unwrap(keyId: string, wrapped: Buffer): Promise<Buffer>
  destroy(keyId: string): Promise<void>
}
