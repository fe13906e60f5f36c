import type { HolidayCalendar } from '#calendar/statutory-periods'
import type { Decision } from '#decider/decider'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { ConflictDeclared, ConflictEnded } from '../access/events.js'
import { type RequestErasure, requestErasure } from '../erasure/request-erasure.js'
import type { ErasureRequest } from '../erasure/erasures.js'
import { type Person, type PersonEvent, standingOf } from '../person.js'
import { type RetentionRule, cancelledRetention, scheduled } from '../retention/retention.js'
import { RecordsLinked, RecordsToldApart } from './events.js'
import { isLater } from './links.js'

export type RecordOf = { readonly subjectRef: SubjectRef; readonly state: Person }
export type FollowFacts = {
  readonly now: string
  readonly calendar: HolidayCalendar
  readonly retention: RetentionRule
  /** Whose conflict of interest somebody has just ended. */
  readonly conflictEnded: StaffRef | undefined
  /** The id of a request on this record that was made on another one. */
  readonly requestIdFor: (requestId: string) => RequestErasure['requestId']
}

/** What was said on the other record of the two of them is said on this one, too. */
export const followComparison =
  (subjectRef: SubjectRef, { subjectRef: other, state: theirs }: RecordOf): Decision<Person, PersonEvent, never> =>
  ({ links }) => {
    const said = theirs.links.compared[subjectRef]
    if (!said || !isLater(links.compared[other], said)) return accept([])
    const event = { ONE: RecordsLinked, TWO: RecordsToldApart }[said.are]
    return accept([event.of({ subjectRef, other, decidedAt: said.at })])
  }

/**
 * What one record takes over from the others of the same person: to whom they are closed (C38), what was asked to be erased (C64), and
 * until when they are kept (C52). Of an erased record there is nothing left that could follow.
 */
export const followOthers =
  (subjectRef: SubjectRef, others: readonly RecordOf[], facts: FollowFacts): Decision<Person, PersonEvent, never> =>
  me => {
    if (standingOf(me).erased) return accept([])
    return accept([
      ...conflicts(me, subjectRef, others, facts),
      ...requests(me, subjectRef, others, facts),
      ...kept(me, subjectRef, others, facts),
    ])
  }

function conflicts({ access }: Person, subjectRef: SubjectRef, others: readonly RecordOf[], { now, conflictEnded }: FollowFacts) {
  const elsewhere = new Set(others.flatMap(({ state }) => [...state.access.conflicted]))
  const ended = conflictEnded !== undefined && access.conflicted.has(conflictEnded) && others.length > 0 ? [conflictEnded] : []
  return [
    ...ended.map(staffRef => ConflictEnded.of({ subjectRef, staffRef, endedAt: now })),
    ...[...elsewhere]
      .filter(staffRef => staffRef !== conflictEnded && !access.conflicted.has(staffRef))
      .map(staffRef => ConflictDeclared.of({ subjectRef, staffRef: staffRef as StaffRef, declaredAt: now })),
  ]
}

const sameRequest = (one: ErasureRequest['asked'], other: ErasureRequest['asked']) =>
  one.receivedAt === other.receivedAt && one.channel === other.channel && one.grounds === other.grounds

/** Whoever asks to be erased asks it of all that is held of them: each record has the request, and each is decided. */
function requests(me: Person, subjectRef: SubjectRef, others: readonly RecordOf[], { now, calendar, requestIdFor }: FollowFacts) {
  const own = [...me.erasures.requests.values()]
  const open = others.flatMap(({ state }) => [...state.erasures.requests]).filter(([, { state }]) => state === 'RECEIVED')
  return open
    .filter(([, { asked }]) => !own.some(one => sameRequest(one.asked, asked)))
    .filter(([, { asked }], n, all) => all.findIndex(([, one]) => sameRequest(one.asked, asked)) === n)
    .flatMap(([requestId, { asked, concernsStaff }]) => {
      const words = Personal.of('It was asked on another record of the same person: the words stand there.')
      const handedIn = requestErasure.decide(
        { ...asked, requestId: requestIdFor(requestId), subjectRef, concernsStaff, words },
        { now, calendar },
      )(me)
      return handedIn.ok ? handedIn.value : []
    })
}

/** C52: the years count from the last day on which the person used the service, by whichever record. */
function kept({ episode, retention }: Person, subjectRef: SubjectRef, others: readonly RecordOf[], facts: FollowFacts) {
  if (episode?.state !== 'ENDED' || episode.endedOn === undefined) return []
  const inUse = others.some(({ state }) => state.episode?.state === 'OPEN')
  if (inUse) return cancelledRetention(retention, { subjectRef, reason: 'SERVICE_RESUMED', at: facts.now })
  const endedOn = [episode.endedOn, ...others.map(({ state }) => state.episode?.endedOn ?? '')].sort().at(-1) ?? episode.endedOn
  if (retention?.endedOn === endedOn) return []
  return [scheduled({ subjectRef, episodeId: episode.episodeId, endedOn }, facts.retention)]
}
