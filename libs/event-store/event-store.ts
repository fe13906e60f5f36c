import type { JsonObject, JsonValue } from '#kernel/json'

/** An event on its way in. Data and metadata are I-JSON; they come back equal, on every store. */
export type NewEvent = { readonly id: string; readonly type: string; readonly data: JsonObject; readonly metadata: JsonObject }
export type RecordedEvent = NewEvent & {
  readonly stream: string
  /** Dense within the stream, from 0. */
  readonly revision: bigint
  /** Strictly increasing over the whole log, in commit order; opaque and not dense. */
  readonly position: bigint
  /** When the store took it: UTC, RFC 3339, milliseconds. */
  readonly recordedAt: string
}
/** What the caller saw last: "any" does not exist, because only an explicit revision makes a repeat safe for ever. */
export type ExpectedRevision = bigint | 'no_stream'
/** Revision and position of the last event of the append, also when the append was a repeat. */
export type Appended = { readonly revision: bigint; readonly position: bigint }
/** Up to where a reader knows a stream: the event that it read last. */
export type StreamPlace = { readonly stream: string; readonly revision: bigint; readonly eventId: string }
/** What came after: `holds` says whether the event that the reader knows is there; `more`, that these are not yet all. */
export type Since = { readonly holds: boolean; readonly events: readonly RecordedEvent[]; readonly more: boolean }
export type CaughtUp = { readonly caughtUp: true }

/** Somebody else appended first, or the caller's state is stale: load and decide again. */
export class WrongExpectedRevision extends Error {
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(`${stream} is at ${actual}, not at ${expected}`)
  }
}
/** The append is malformed; nothing was stored and repeating it will not help. */
export class AppendRefused extends Error {}
/** The store does not answer. Nothing was stored by a read; see AppendOutcomeUnknown for appends. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('The event store cannot be reached', { cause })
  }
}
/** The append may or may not be stored. Repeat it with the same ids and revision. */
export class AppendOutcomeUnknown extends StoreUnavailable {}
/**
 * The store did not store what it was sent, or something else beside it: a trigger, a rule, or whoever stands between changed it. Repeating
 * does not mend this: somebody has to look. Where the store could still be told so, nothing was stored.
 */
export class AppendAltered extends Error {
  constructor(readonly stream: string) {
    super(
      `What the event store would hold of an append to ${stream} is not what it was sent: something in it, or before it, changes events. `
        + 'Nothing is decided on that.',
    )
  }
}
/** No event is at this position: it is none that this store gave. */
export class NoSuchPosition extends Error {
  constructor() {
    super('No event is at this position')
  }
}
/** The event that a checkpoint names is not at its position: a restored or lagging store. Nothing is skipped; the component stops. */
export class EventStoreRewound extends Error {
  constructor(where: string) {
    super(
      `EVENT_STORE_REWOUND: ${where} was read past what the event store holds now. `
        + 'Restore the store; or, where this is the copy that was restored, run caseledger recover with the service stopped.',
    )
  }
}

/**
 * How a stream is not what was stored in it: it was deleted, its metadata hide events, events are missing among the others, one stands
 * where this service puts none, or the store changed one while it stored it.
 */
export type Damage = 'deleted' | 'hidden' | 'incomplete' | 'out of place' | 'altered'
const damageInWords: Readonly<Record<Damage, string>> = {
  deleted: 'it was deleted in the event store',
  hidden: 'its metadata in the event store ($maxCount, $maxAge or $tb) hide events',
  incomplete: 'events are missing among the others',
  'out of place': 'an event stands in it where the service puts none, so that some readers see it and others do not, or none can follow it',
  altered: 'the event store changed an event of it while it stored it',
}
/**
 * A stream does not show what was stored in it, all of that and nothing else. What it shows is not its history, so nothing is answered
 * from it. Waiting does not mend this: somebody has to look.
 */
export class StreamDamaged extends Error {
  constructor(
    readonly stream: string,
    readonly how: Damage,
  ) {
    super(`The stream ${stream} cannot be read whole: ${damageInWords[how]}. See caseledger ledger fsck --deep.`)
  }
}
/** An event that stands in the store where the service puts none. */
export type OutOfPlace = {
  readonly id: string
  readonly type: string
  readonly stream: string
  readonly revision: bigint
  readonly position: bigint
}

/**
 * What an event holds: JSON, as every event of ours does, or bytes, in an event that somebody else wrote. `canonical` is JSON as a store
 * holds it that keeps canonical text (RFC 8785), word for word.
 */
export type Payload = { readonly json: JsonValue } | { readonly canonical: string } | { readonly bytes: Uint8Array }
/** An event as the log has it, whoever wrote it. */
export type LoggedEvent = {
  readonly id: string
  readonly type: string
  readonly stream: string
  /** Dense within the stream, except where somebody took events out of it; 2^63 - 1 for `$streamDeleted`. */
  readonly revision: bigint
  readonly position: bigint
  /** UTC, RFC 3339, milliseconds. */
  readonly recordedAt: string
  readonly data: Payload
  readonly metadata: Payload
  /**
   * Why it is no event as the store gives them, in words, where somebody made that of it: what can be read of it is told, so that whoever
   * looks finds it, and nothing is decided on it.
   */
  readonly damaged?: string
}

/**
 * The log with nothing left out, for the audit ledger: also what others wrote into it, and what the server says of our streams
 * (`$metadata` on `$$<stream>`, `$streamDeleted`).
 * Of the server's other own events it says nothing.
 */
export interface WholeLog {
  /** As `subscribe` of the event store. @throws EventStoreRewound, StoreUnavailable as there. */
  follow(options: { readonly after?: bigint; readonly signal: AbortSignal }): AsyncIterable<LoggedEvent | CaughtUp>
  /** The event at exactly this position. */
  at(position: bigint): Promise<{ readonly id: string } | undefined>
  /** A position that the log has reached. */
  head(): Promise<bigint | undefined>
  /**
   * The positions after one and up to another at which there are events; absent where the server cannot tell without reading them. @throws
   * StoreUnavailable
   */
  positions?(after: bigint, upTo: bigint): Promise<readonly bigint[]>
  /**
   * Events before the first position, which `follow` never tells of, and behind the last one: the first hundred of them.
   * @throws StoreUnavailable
   */
  outOfPlace(): Promise<readonly OutOfPlace[]>
  /** How the server keeps a stream from being read whole, as of now; undefined where it does not. @throws StoreUnavailable */
  damageTo(stream: string): Promise<Damage | undefined>
}

/**
 * Reads are whole or fail: what a store, or whoever stands before it, did not answer to its end is StoreUnavailable, never a shorter
 * answer.
 */
export interface EventStore {
  /**
   * Appends all events or none, and answers when it was seen that what is stored is what was sent. The same event ids at the same revision
   * again are a success that answers as the first time did, for ever.
   * @throws WrongExpectedRevision, AppendRefused, AppendOutcomeUnknown, AppendAltered; StreamDamaged for a stream that was deleted
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>
  /**
   * A stream in order, from a revision (inclusive, default 0). A stream that does not exist is empty; one that does is answered without a
   * gap, and with positions that ascend: whoever reads the log sees the same events in the same order. @throws StoreUnavailable;
   * StreamDamaged
   */
  readStream(stream: string, options?: { readonly from?: bigint; readonly limit?: number }): AsyncIterable<RecordedEvent>
  /**
   * What came after the places up to which a reader knows streams, in their order; a page of each. One question, where the store can
   * answer it so. @throws StoreUnavailable; StreamDamaged
   */
  since(places: readonly StreamPlace[]): Promise<readonly Since[]>
  /** The last event of a stream. @throws StoreUnavailable; StreamDamaged */
  lastOf(stream: string): Promise<RecordedEvent | undefined>
  /**
   * The whole log in position order, after a position (exclusive, default: from the start). Ends at the head. @throws StoreUnavailable;
   * NoSuchPosition where the store can tell that it never gave this one.
   */
  readAll(options?: { readonly after?: bigint; readonly limit?: number }): AsyncIterable<RecordedEvent>
  /** The event at exactly this position. */
  at(position: bigint): Promise<RecordedEvent | undefined>
  /** The last position of the log, or undefined for an empty one. */
  head(): Promise<bigint | undefined>
  /**
   * The log after a position and then what is appended, for ever: nothing missed, nothing repeated, also across lost connections. A slow
   * consumer holds the store back, not memory. Says `caughtUp` each time it reaches the head. Ends when the signal aborts.
   * @throws EventStoreRewound when the store, after a lost connection, no longer holds what was delivered last; StoreUnavailable when it
   * does not let us in, or holds what is no event.
   */
  subscribe(options: { readonly after?: bigint; readonly signal: AbortSignal }): AsyncIterable<RecordedEvent | CaughtUp>
  /** What the audit ledger reads. */
  readonly whole: WholeLog
  close(): Promise<void>
}
