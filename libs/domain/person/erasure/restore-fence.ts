import type { Decision } from '#decider/decider'
import type { Scope } from '#event-kit/scope'
import { ErasureFenced } from '#event-kit/key-events'
import type { ErasureId, KeyId, SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import type { Person, PersonEvent } from '../person.js'

type LostFence = { readonly subjectRef: SubjectRef; readonly erasureId: ErasureId; readonly scopes: readonly Scope[]; readonly kids: readonly string[] }

/** C64: a fence that a restored log lost is put back, from the revocation journal. Keys that this log never announced are none of its. */
export const restoreFence = ({ subjectRef, erasureId, scopes, kids }: LostFence): Decision<Person, PersonEvent, never> =>
  ({ keys }) => {
    if (keys.fences.has(erasureId)) return accept([])
    const known = kids.filter((kid): kid is KeyId => keys.scopes.has(kid as KeyId))
    return accept([ErasureFenced.of({ subjectRef, erasureId, extent: 'SCOPES', scopes: [...scopes], kids: known, cause: 'RESTORED-FROM-JOURNAL' })])
  }
