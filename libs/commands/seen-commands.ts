/** Remembers, per command id, an HMAC of the body under a random key: the same Idempotency-Key with another body is misuse. */
export interface SeenCommands {
  /** Records the command, or compares it with what was recorded. False: the same id came with another body. */
  isSame(commandId: string, subjectRef: string | undefined, body: string): Promise<boolean>
  /** A refusal about a person who is erased, or who was not taken in, leaves no trace of what was sent. */
  forget(commandId: string): Promise<void>
  /** The person's erasure forgets their commands. */
  forgetSubject(subjectRef: string): Promise<void>
  forgetBefore(instant: string): Promise<void>
}

/** Maps a token's issuer and subject to a random staffRef, by a keyed digest: the subject itself is not stored. */
export interface StaffIdentities {
  find(identity: Buffer): Promise<string | undefined>
  /** The staffRef of this identity; made on first use. */
  register(identity: Buffer): Promise<string>
}
