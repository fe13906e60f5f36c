import type { Evolve } from '#decider/decider'
import { type KeyEvent, type RetirementCause, closesForGood } from '#event-kit/key-events'
import type { KeyId } from '#kernel/id'
import { type Scope, erasableScopes } from '#event-kit/scope'

/** Which keys a person has, and which scopes are closed for ever: those of an erasure in full. */
export type Keys = {
  readonly live: ReadonlyMap<KeyId, Scope>
  /** Every key that was ever announced. */
  readonly scopes: ReadonlyMap<KeyId, Scope>
  readonly closed: ReadonlySet<Scope>
  readonly destroyed: ReadonlySet<KeyId>
  /** Generations that ended while their scope went on. */
  readonly retired: ReadonlyMap<KeyId, RetirementCause>
  readonly fences: ReadonlyMap<string, Fenced>
}
export type Fenced = {
  readonly eventId: string
  readonly extent: 'ALL' | 'SCOPES'
  readonly scopes: readonly Scope[]
  readonly kids: readonly KeyId[]
}

export const noKeys: Keys = {
  live: new Map(),
  scopes: new Map(),
  closed: new Set(),
  destroyed: new Set(),
  retired: new Map(),
  fences: new Map(),
}

export const evolveKeys: Evolve<Keys, KeyEvent> = {
  SubjectKeyCreated: (keys, { kid, scope }) => ({
    ...keys,
    live: new Map(keys.live).set(kid, scope),
    scopes: new Map(keys.scopes).set(kid, scope),
  }),
  ErasureFenced: (keys, { erasureId, extent, scopes, kids }, { eventId }) => ({
    ...keys,
    live: new Map([...keys.live].filter(([kid]) => !kids.includes(kid))),
    closed: closesForGood(scopes) ? new Set([...keys.closed, ...scopes]) : keys.closed,
    fences: new Map(keys.fences).set(erasureId, { eventId, extent, scopes, kids }),
  }),
  KeyRetired: (keys, { kid, cause }) => ({
    ...keys,
    live: new Map([...keys.live].filter(([live]) => live !== kid)),
    retired: new Map(keys.retired).set(kid, cause),
  }),
  SubjectKeyDestroyed: (keys, { kid }) => ({ ...keys, destroyed: new Set(keys.destroyed).add(kid) }),
}

/** C17: everything that dies with the person is closed. What remains is the tombstone and the evidence. */
export const isErased = ({ closed }: Keys) => erasableScopes.every(scope => closed.has(scope))
/** The announced keys of these scopes that no fence names yet. */
export const liveKeysOf = ({ live }: Keys, scopes: readonly Scope[]) =>
  [...live].filter(([, scope]) => scopes.includes(scope)).map(([kid]) => kid)
