import type { Happened } from '#decider/decider'
import type { EventCatalog } from '#event-kit/catalog'
import type { AnyEventDef } from '#event-kit/event'
import type { Shape } from '#event-kit/field'
import type { KeySubject } from '#event-kit/key-subjects'
import { NewerEvent } from '#kernel/newer-event'
import { earlierOf } from '#kernel/instants'
import type { JsonObject } from '#kernel/json'
import type { KeyFact, SubjectKeys } from '#subject-keys/subject-keys'
import { type EventMetadata, decodeMetadata, encodeMetadata } from './metadata.js'
import { placeOf, readShape, writeShape } from './walk.js'

/** An event on its way into storage. `basis` overrides the command's lawful basis, where the decision found another. */
export type EventToStore = { readonly id: string; readonly type: string; readonly data: object; readonly metadata: EventMetadata }
/** The four things that a store takes. */
export type StorableEvent = { readonly id: string; readonly type: string; readonly data: JsonObject; readonly metadata: JsonObject }
/** A key that the batch uses: it has to be announced before, or with, the batch. */
export type UsedKey = KeyFact & {
  readonly kind: KeySubject
  /** The stream on which it is announced. */
  readonly home: string
}
/** An event as everybody but the codec sees it: newest shape, personal values sealed. */
export type DecodedEvent<E extends { readonly type: string; readonly data: unknown } = { readonly type: string; readonly data: unknown }> =
  Happened<E> & { readonly stream: string; readonly version: number; readonly metadata: EventMetadata }
type Whose = Pick<UsedKey, 'kind' | 'home'>
type Stored = StorableEvent & { readonly stream: string; readonly revision: bigint; readonly position: bigint; readonly recordedAt: string }

/** The only door between events and stored JSON. Encoding seals; decoding opens nothing and needs no key. */
export class EventCodec {
  /** What a newer release wrote and this process came upon. */
  readonly newer = new Set<string>()

  constructor(
    private readonly catalog: EventCatalog,
    private readonly keys: Pick<SubjectKeys, 'seal'>,
  ) {}

  /**
   * Seals all personal values of the batch in one go. @throws SubjectErased, KeyStoreUnavailable; TypeError or ZodError for a malformed
   * event.
   */
  async encode(events: readonly EventToStore[]): Promise<{ readonly events: readonly StorableEvent[]; readonly keys: readonly UsedKey[] }> {
    const metadataOf = encodedOnce()
    const written = events.map(({ id, type, data, metadata }) => {
      const def = this.catalog.current(type)
      const { json, leaves } = writeShape(def.shape as Shape, data, path => placeOf(id, def, path))
      return { event: { id, type, data: json, metadata: metadataOf(def.version, metadata) }, leaves }
    })
    const leaves = written.flatMap(one => one.leaves)
    if (leaves.length === 0) return { events: written.map(({ event }) => event), keys: [] }
    const { sealed, keys } = await this.keys.seal(leaves)
    for (const [n, leaf] of leaves.entries()) leaf.put(sealed[n] as NonNullable<(typeof sealed)[number]>)
    const subjects = new Map(leaves.map(({ subject, kind, home }) => [subject, { kind, home }]))
    return { events: written.map(({ event }) => event), keys: keys.map(key => ({ ...key, ...(subjects.get(key.subject) as Whose) })) }
  }

  /** When it happened: as it says itself, and never after it was recorded. */
  happenedAt({ type, data }: { readonly type: string; readonly data: unknown }, recorded: string): string {
    const told = this.catalog.happenedAt(type, data as object)
    return earlierOf(recorded, told ?? recorded)
  }

  /** What was just encoded, as `decode` would have it; its data are decoded when somebody looks at them. */
  decodeLater(stored: Stored, metadata: EventMetadata): DecodedEvent {
    const whole = () => this.decode(stored)
    let decoded: DecodedEvent | undefined
    const { actor, occurredAt } = metadata
    return {
      type: stored.type,
      version: this.catalog.current(stored.type).version,
      stream: stored.stream,
      metadata,
      get data() {
        return (decoded ??= whole()).data
      },
      meta: { eventId: stored.id, actor, occurredAt, recordedAt: stored.recordedAt, position: stored.position, revision: stored.revision },
    }
  }

  /** @throws SealBroken, ZodError; NewerEvent for what this release does not know yet: stored history is never skipped. */
  decode(stored: Stored): DecodedEvent {
    const { schemaVersion, metadata, written } = this.#asWritten(stored)
    const data = readShape(written.shape as Shape, stored.data, path => placeOf(stored.id, written, path))
    return {
      type: stored.type,
      version: schemaVersion,
      stream: stored.stream,
      metadata,
      data: upcast(this.catalog.current(stored.type), schemaVersion, data),
      meta: {
        eventId: stored.id,
        actor: metadata.actor,
        occurredAt: metadata.occurredAt,
        recordedAt: stored.recordedAt,
        position: stored.position,
        revision: stored.revision,
      },
    }
  }

  /** Whether it can read what was noted as newer: another release may have noted it. */
  knows(what: string): boolean {
    const [type = '', version = ''] = what.split(' ')
    return this.catalog.has(type) && Number(/^v(\d+)$/.exec(version)?.[1]) <= this.catalog.current(type).version
  }

  #asWritten({ type, metadata: stored }: Stored) {
    try {
      // Its metadata may be of another form, too.
      if (!this.catalog.has(type)) throw new NewerEvent(type, `v${Number(stored['schemaVersion']) || 1}`)
      const decoded = decodeMetadata(stored, type)
      return { ...decoded, written: this.catalog.versioned(type, decoded.schemaVersion) }
    } catch (error) {
      if (error instanceof NewerEvent && this.newer.size < mostNoted) this.newer.add(error.what)
      throw error
    }
  }
}
const mostNoted = 20

/** The events of a command mostly share their metadata: they are checked and written once for each version of an event. */
function encodedOnce() {
  const known = new Map<EventMetadata, JsonObject[]>()
  return (version: number, metadata: EventMetadata): JsonObject => {
    const versions = known.get(metadata) ?? []
    known.set(metadata, versions)
    return (versions[version] ??= encodeMetadata(version, metadata) as unknown as JsonObject)
  }
}

function upcast(def: AnyEventDef, from: number, data: Record<string, unknown>): Record<string, unknown> {
  if (def.version === from || !def.previous) return data
  return def.previous.upcast(upcast(def.previous.def, from, data))
}
