import { type Evolve, within } from '#decider/decider'
import { weeksAfter } from '#calendar/statutory-periods'
import { type Episode, type EpisodeStep, evolveEpisode } from '#domain/person/episode/episode'
import { sustainedWeeks } from '#domain/person/episode/events'
import { personConcerns } from '#domain/person/person'
import type { EventOfConcern } from '#event-kit/concern'
import type { JsonObject } from '#kernel/json'
import { isEarlier } from '#kernel/instants'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf } from '#projections/table'
import { caseloadTable } from './table.js'

const { intake, episode, contact, erasure } = personConcerns
/** An episode, and when an employer was spoken to last for somebody. */
type Supported = {
  readonly episode: Episode
  readonly contactedAt?: string | undefined
  /** When the person was reached, or got in touch. */
  readonly inTouchAt?: string | undefined
  readonly erased?: boolean
  readonly position: bigint
}
type Was = Supported | undefined
const same = (was: Was) => was
/** That somebody used the service once is all that is left. */
const erased = (was: Was): Was => {
  if (!was) return was
  const { episodeId, openedAt } = was.episode
  return { episode: { episodeId, state: 'ENDED', openedAt, jobs: {} }, erased: true, position: was.position }
}

const inTouch = (was: Was, at: string): Was => was && { ...was, inTouchAt: at > (was.inTouchAt ?? '') ? at : was.inTouchAt }

/** Each step is the domain's own. A place in the list is that of the acceptance. */
const onEpisode = within<Was, Episode | undefined, EpisodeStep>(evolveEpisode, {
  take: was => was?.episode,
  put: (was, of) => of && { ...(was ?? { position: 0n }), episode: of },
})

const evolve: Evolve<Was, EventOfConcern<typeof intake | typeof episode | typeof contact | typeof erasure>> = {
  ...onEpisode,
  ReferralAccepted: (was, data, meta) => {
    const begun = onEpisode.ReferralAccepted(was, data, meta)
    return begun && { ...begun, position: was?.position ?? meta.position }
  },
  EmployerContactRecorded: (was, { contactedAt }) =>
    was && { ...was, contactedAt: contactedAt > (was.contactedAt ?? '') ? contactedAt : was.contactedAt },
  EpisodeReopened: (was, data, meta) => inTouch(onEpisode.EpisodeReopened(was, data, meta), data.reopenedAt),
  ContactMade: (was, { contactedAt }) => inTouch(was, contactedAt),
  InboundMessageReceived: (was, { receivedAt }) => inTouch(was, receivedAt),
  ContactPreferencesSet: same,
  ContactPlanned: same,
  ContactFailed: same,
  InboundMessageHandled: same,
  PrivacyNoticeProvided: same,
  EpisodeClosed: erased,
  ReferralReceived: same,
  ServiceWishConfirmed: same,
  ServiceDeclined: same,
  ServiceWishCheckRequested: same,
  ServiceWishUnresolved: same,
  EligibilityConfirmed: same,
  EligibilityRefused: same,
  ErasureRequested: same,
  ErasureApproved: same,
  ErasureRefused: same,
  ErasureRequestClosed: same,
  ProjectionPurgeConfirmed: same,
  ReferralErased: erased,
  ErasureCompleted: (was, { extent }) => (extent === 'ALL' ? erased(was) : was),
}

function rowOf({ episode: of, contactedAt, inTouchAt, erased: isErased, position }: Supported) {
  const jobs = Object.values(of.jobs)
  const going = of.state === 'OPEN' ? jobs.filter(({ endedOn }) => endedOn === undefined) : []
  const due = going.filter(({ sustainedOn }) => sustainedOn === undefined).map(({ startedOn }) => weeksAfter(startedOn, sustainedWeeks))
  return {
    episode_id: of.episodeId,
    state: isErased || of.state === 'CLOSED' ? ('ERASED' as const) : of.state,
    service_area: of.serviceArea ?? null,
    worker: of.worker ?? null,
    opened_at: of.openedAt,
    employers_last_contacted_at: contactedAt ?? null,
    in_touch_at: inTouchAt !== undefined && isEarlier(of.openedAt, inTouchAt) ? inTouchAt : of.openedAt,
    jobs: jobs.length,
    working: going.length > 0,
    sustained_from: due.sort()[0] ?? null,
    ended_on: of.endedOn ?? null,
    folded: of as unknown as JsonObject,
    position,
  }
}
const supportedIn = ({
  folded,
  state,
  employers_last_contacted_at: contacted,
  in_touch_at: inTouchAt,
  position,
}: RowOf<typeof caseloadTable>): Supported => ({
  episode: folded as unknown as Episode,
  contactedAt: contacted?.toISOString(),
  inTouchAt: inTouchAt.toISOString(),
  erased: state === 'ERASED',
  position: BigInt(position),
})

/** C01: who uses the service, where, and by whom they are supported. An erased person is in nobody’s caseload. */
export const caseload = documentProjection({
  name: 'caseload',
  concerns: [intake, episode, contact, erasure],
  /** 2: when somebody was in touch last. */
  revision: 2,
  table: caseloadTable,
  fold: rowEach(caseloadTable, { evolve, rowOf, stateOf: supportedIn }),
})
