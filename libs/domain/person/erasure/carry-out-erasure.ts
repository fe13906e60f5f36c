import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { ErasureFenced, SubjectKeyDestroyed } from '#event-kit/key-events'
import { erasableScopes } from '#event-kit/scope'
import type { ErasureId, KeyId, SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import type { Referral } from '../intake/referral.js'
import { wasShared } from '../disclosure/disclosures.js'
import { EpisodeClosed } from '../episode/events.js'
import { isErased, liveKeysOf } from '../keys/keys.js'
import { cancelledRetention } from '../retention/retention.js'
import type { Person, PersonEvent } from '../person.js'
import { ErasureCompleted, ErasureRequestClosed, ProjectionPurgeConfirmed, ReferralErased } from './events.js'
import { requestOf } from './erasures.js'
import { cancelled, isBeingSent, isProtective, pendingOn } from './what-is-pending.js'

type RequestId = DataOfEvent<typeof ErasureCompleted>['requestId']
export type Erasing = { readonly subjectRef: SubjectRef; readonly erasureId: ErasureId }
/** What was looked for after the keys were destroyed. */
export type Verified = Pick<DataOfEvent<typeof ErasureCompleted>, 'certificateId' | 'verification' | 'completedAt' | 'copiesUnreadableBy'>

/** The steps of an erasure. Each is a decision of its own that does nothing when it was done before, so a crash between any two resumes. */
export const fenceErasure =
  ({ subjectRef, erasureId }: Erasing, now: string): Decision<Person, PersonEvent, never> =>
  person => {
    const { keys, erasures } = person
    if (keys.fences.has(erasureId)) return accept([])
    const [, approved] = requestOf(erasures, erasureId) ?? []
    if (!approved?.scopes || !approved.extent) return accept([])
    // Whether it left is known in a moment, and then goes before the fence.
    if (isBeingSent(person, approved.scopes)) return accept([])
    const kids = liveKeysOf(keys, approved.scopes)
    // What protects somebody, and came after the approval, is looked at by whoever sends it.
    const overtaken = pendingOn(person, approved.scopes).filter(one => !isProtective(one))
    return accept([
      ErasureFenced.of({ subjectRef, erasureId, extent: approved.extent, scopes: approved.scopes, kids, cause: 'ART17-APPROVED' }),
      ...cancelled(overtaken, subjectRef, now),
    ])
  }

export const recordDestroyedKeys =
  ({ subjectRef, erasureId }: Erasing, destroyedAt: string): Decision<Person, PersonEvent, never> =>
  ({ keys }) => {
    const fence = keys.fences.get(erasureId)
    if (!fence) return accept([])
    return accept(
      fence.kids
        .filter(kid => !keys.destroyed.has(kid))
        .map(kid => SubjectKeyDestroyed.of({ subjectRef, erasureId, kid: kid, scope: scopeOf(kid, keys.scopes), destroyedAt })),
    )
  }

const scopeOf = (kid: KeyId, scopes: Person['keys']['scopes']) => {
  const scope = scopes.get(kid)
  if (!scope) throw new Error(`The key ${kid} was never announced`)
  return scope
}

export const confirmPurge =
  ({ subjectRef, erasureId }: Erasing, projections: readonly string[], position: string): Decision<Person, PersonEvent, never> =>
  ({ erasures }) =>
    accept(erasures.purged.has(erasureId) ? [] : [ProjectionPurgeConfirmed.of({ subjectRef, erasureId, projections, position })])

/**
 * C64, or for a referral C13, that the person declined, C12, that their wish was not to be found out, or C11, that STARS did not confirm:
 * the certificate, once nothing was found any more. Nobody looks at paper, archive and processors yet, and it says so. What was still
 * open when everything was erased is closed with it.
 */
export const completeErasure =
  (work: Erasing, verified: Verified): Decision<Person, PersonEvent, never> =>
  person => {
    const { subjectRef, erasureId } = work
    const { keys, erasures, intake, disclosures } = person
    const fence = keys.fences.get(erasureId)
    const purged = erasures.purged.get(erasureId)
    if (!fence || !purged || erasures.certificates.some(({ issued }) => issued.erasureId === erasureId)) return accept([])
    const certificate = {
      ...verified,
      subjectRef,
      erasureId,
      scopes: fence.scopes,
      kids: fence.kids,
      projections: purged.projections,
      purgedTo: purged.position,
      paper: 'UNKNOWN',
      archive: 'UNKNOWN',
      processors: 'UNKNOWN',
    } as const
    const shared = [...disclosures.values()].some(wasShared)
    const notices = shared ? 'OUTSTANDING' : 'NOT_APPLICABLE'
    const request = requestOf(erasures, erasureId)
    if (request) {
      return accept([
        ErasureCompleted.of({ ...certificate, requestId: request[0] as RequestId, extent: fence.extent, notices }),
        ...leftOpen(person, work, verified.completedAt),
      ])
    }
    const { referral } = intake
    const ended = referral && endOf(referral)
    if (!ended) return accept(leftOpen(person, work, verified.completedAt))
    return accept([
      ReferralErased.of({
        ...certificate,
        referralId: referral.referralId,
        source: referral.source,
        receivedAt: referral.receivedAt,
        ...ended,
        notices,
      }),
      ...leftOpen(person, work, verified.completedAt),
    ])
  }

/** What ended a referral that was erased at the point of referral. */
function endOf({ wish, stars, unresolvedAt }: Referral) {
  if (wish?.answer === 'NO' && wish.by === 'PERSON') return { rule: 'C13', declinedAt: wish.at } as const
  if (unresolvedAt !== undefined) return { rule: 'C12', unresolvedAt } as const
  return stars?.outcome === 'REFUSED' ? ({ rule: 'C11', refusedAt: stars.checkedAt } as const) : undefined
}

/** C17: the use of the service; requests and disclosures that wait for somebody, though nothing is left that could be decided on. */
function leftOpen(person: Person, { subjectRef, erasureId }: Erasing, closedAt: string): readonly PersonEvent[] {
  if (!isErased(person.keys)) return []
  const waiting = [...person.erasures.requests].filter(([, { state }]) => state === 'RECEIVED')
  const { episode, retention } = person
  return [
    ...(episode && episode.state !== 'CLOSED'
      ? [EpisodeClosed.of({ subjectRef, episodeId: episode.episodeId, reason: 'DATA_ERASED', closedAt })]
      : []),
    ...cancelledRetention(retention, { subjectRef, reason: 'DATA_ERASED', at: closedAt }),
    ...cancelled(pendingOn(person, erasableScopes), subjectRef, closedAt),
    ...waiting.map(([requestId]) =>
      ErasureRequestClosed.of({ requestId: requestId as RequestId, subjectRef, erasureId, reason: 'SUBJECT_ERASED', closedAt }),
    ),
  ]
}
