import type { Decision } from '#decider/decider'
import type { Scope } from '#event-kit/scope'
import { ErasureFenced } from '#event-kit/key-events'
import type { ErasureId, KeyId, SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { liveKeysOf } from '../keys/keys.js'
import type { Person, PersonEvent } from '../person.js'

type LostFence = {
  readonly subjectRef: SubjectRef
  readonly erasureId: ErasureId
  readonly scopes: readonly Scope[]
  readonly kids: readonly string[]
}

/**
 * C64: a fence that a restored log lost is put back, from the revocation journal. Keys that this log never announced are none of its; one
 * that it still takes for live, and that had been replaced before the erasure, is.
 */
export const restoreFence =
  ({ subjectRef, erasureId, scopes, kids }: LostFence): Decision<Person, PersonEvent, never> =>
  ({ keys }) => {
    if (keys.fences.has(erasureId)) return accept([])
    const known = new Set([...kids.filter((kid): kid is KeyId => keys.scopes.has(kid as KeyId)), ...liveKeysOf(keys, scopes)])
    return accept([
      ErasureFenced.of({ subjectRef, erasureId, extent: 'SCOPES', scopes: [...scopes], kids: [...known], cause: 'RESTORED-FROM-JOURNAL' }),
    ])
  }
