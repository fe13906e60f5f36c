import { AppendAltered, StreamDamaged } from './event-store.js'

/**
 * Streams in which the store put something else than this process sent, and keeps it: for as long as the process lives nothing is read of
 * them, and nothing is written to them.
 */
export class AlteredStreams {
  readonly #streams = new Set<string>()

  /** Notes it, and answers what its caller is told. */
  add(stream: string): AppendAltered {
    this.#streams.add(stream)
    return new AppendAltered(stream)
  }

  /** @throws StreamDamaged */
  assertNot(stream: string): void {
    if (this.#streams.has(stream)) throw new StreamDamaged(stream, 'altered')
  }
}
