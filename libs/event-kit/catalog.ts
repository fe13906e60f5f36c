import { NewerEvent } from '#kernel/newer-event'
import type { AnyEventDef } from './event.js'
import {
  ClearField,
  GroupField,
  ListField,
  OptionalField,
  PersonalField,
  PersonalRecord,
  Plain,
  type Shape,
  SubjectField,
} from './field.js'
import { livesWith } from './key-subjects.js'

/** Everything that can be stored, checked once at boot. */
export class EventCatalog {
  readonly #defs = new Map<string, AnyEventDef>()
  readonly #tellsWhen = new Map<string, string>()

  /** @throws Error for two events of one name, an unclassified field, or personal data of a subject that the event does not carry. */
  constructor(defs: readonly AnyEventDef[]) {
    for (const def of defs) {
      if (this.#defs.has(def.type)) throw new Error(`Two events are named ${def.type}`)
      for (let version: AnyEventDef | undefined = def; version; version = version.previous?.def) {
        assertClassified(`${def.type}.v${version.version}`, version.shape as Shape, new Set())
      }
      this.#defs.set(def.type, def)
      if (def.tellsWhen !== undefined) this.#tellsWhen.set(def.type, def.tellsWhen)
    }
  }

  get types(): readonly string[] {
    return [...this.#defs.keys()]
  }
  /** Every version of every event, oldest first. */
  get versions(): readonly AnyEventDef[] {
    return [...this.#defs.values()].flatMap(def => {
      const chain: AnyEventDef[] = []
      for (let version: AnyEventDef | undefined = def; version; version = version.previous?.def) chain.unshift(version)
      return chain
    })
  }

  has(type: string) {
    return this.#defs.has(type)
  }

  /** @throws Error for a type that is not in the catalogue. */
  current(type: string): AnyEventDef {
    const def = this.#defs.get(type)
    if (!def) throw new Error(`${type} is stored but not in the catalogue`)
    return def
  }

  /** When an event happened by its own account, if it gives one. */
  happenedAt(type: string, data: object): string | undefined {
    const field = this.#tellsWhen.get(type)
    return field === undefined ? undefined : (data as Readonly<Record<string, string | undefined>>)[field]
  }

  /** As what is stored was written. @throws NewerEvent for what this release does not know yet; Error for a version that never was */
  versioned(type: string, version: number): AnyEventDef {
    let def = this.#defs.get(type)
    if (!def || version > def.version) throw new NewerEvent(type, `v${version}`)
    while (def && def.version !== version) def = def.previous?.def
    if (!def) throw new Error(`${type} has no version ${version}`)
    return def
  }
}

function assertClassified(where: string, shape: Shape, outer: ReadonlySet<string>) {
  const subjects = new Set([...outer, ...Object.keys(shape).filter(name => shape[name] instanceof SubjectField)])
  for (const [name, field] of Object.entries(shape)) assertField(`${where}.${name}`, field, shape, subjects, name)
}

function assertField(where: string, field: unknown, shape: Shape, subjects: ReadonlySet<string>, name: string): void {
  if (field instanceof SubjectField && !subjects.has(livesWith(field.kind) ?? name))
    throw new Error(`${where} has its keys with '${String(livesWith(field.kind))}', which is not a subject`)
  if (field instanceof ClearField) return
  if (field instanceof OptionalField || field instanceof ListField) {
    assertField(where, field.inner, shape, subjects, name)
    return
  }
  if (field instanceof GroupField) {
    assertClassified(where, field.shape as Shape, subjects)
    return
  }
  if (!(field instanceof PersonalField) && !(field instanceof PersonalRecord))
    throw new Error(`${where} is not classified as plain, subject or personal`)
  const of: string = (field as PersonalField<unknown, string> | PersonalRecord<string>).of
  if (!subjects.has(of)) throw new Error(`${where} is about '${of}', which is not a subject`)
  if (field instanceof PersonalRecord && !(shape[field.categoryField] instanceof Plain)) {
    throw new Error(`${where} takes its scope from '${field.categoryField}', which is not a clear field`)
  }
}
