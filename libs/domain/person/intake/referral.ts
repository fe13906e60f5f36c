import type { Evolve } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { earlierOf, isEarlier } from '#kernel/instants'
import type { ErasureEvent } from '../erasure/events.js'
import type { Decliner, EligibilityConfirmed, IntakeEvent, ReferralReceived, ReferralSource, ServiceArea } from './events.js'

export const referralStates = ['RECEIVED', 'WANTED', 'ELIGIBLE', 'INELIGIBLE', 'ACCEPTED', 'DECLINED', 'UNRESOLVED', 'ERASED'] as const
export type ReferralState = (typeof referralStates)[number]
/** Whether the service is wanted: by whom it was said, and when. */
export type Wish = { readonly answer: 'YES' | 'NO'; readonly by: Decliner; readonly at: string }
/** What STARS says. */
export type Evidence = Pick<DataOfEvent<typeof EligibilityConfirmed>, 'evidenceType' | 'checkedAt'> & {
  readonly outcome: 'CONFIRMED' | 'REFUSED'
  readonly validUntil?: string
}
export type Referral = {
  readonly referralId: DataOfEvent<typeof ReferralReceived>['referralId']
  readonly source: ReferralSource
  readonly serviceArea: ServiceArea
  readonly receivedAt: string
  /** Absent: nobody whose word counts has said so yet. */
  readonly wish?: Wish
  /** Absent: nobody asked yet. */
  readonly stars?: Evidence
  readonly acceptedAt?: string
  /** When it was decided to ask no more, and to erase. */
  readonly unresolvedAt?: string
  readonly state: ReferralState
}
export type ReferralEvent = IntakeEvent | Extract<ErasureEvent, { type: 'ErasureCompleted' | 'ReferralErased' }>

/**
 * What a referral has come to, whatever came first: the wish and the evidence are two things, and each is what was said of it last. An
 * acceptance stays one when the evidence changes (C11), and an erasure is the end.
 */
function stateOf({ state, wish, stars, acceptedAt, unresolvedAt }: Referral): ReferralState {
  if (state === 'ERASED') return state
  if (acceptedAt !== undefined) return 'ACCEPTED'
  if (unresolvedAt !== undefined) return 'UNRESOLVED'
  if (wish?.answer === 'NO') return 'DECLINED'
  if (stars?.outcome === 'REFUSED') return 'INELIGIBLE'
  if (wish?.answer !== 'YES') return 'RECEIVED'
  return stars ? 'ELIGIBLE' : 'WANTED'
}

type Was = Referral | undefined
const become = (was: Was, more: Partial<Referral>): Was => was && { ...was, ...more, state: stateOf({ ...was, ...more }) }

/** K2: what was said last counts, not what was typed last. C12: and nobody's word against the person's own. */
export const counts = (was: Was, wish: Wish): boolean =>
  was?.wish === undefined || (!isEarlier(wish.at, was.wish.at) && (wish.by === 'PERSON' || was.wish.by !== 'PERSON'))
/** C12: whether nobody has to ask the person any more. */
export const saidIt = ({ wish }: Referral): boolean => wish?.by === 'PERSON'
/** The same for evidence: what STARS was asked last. */
export const isNewest = (was: Was, { checkedAt }: Pick<Evidence, 'checkedAt'>): boolean =>
  was?.stars === undefined || !isEarlier(checkedAt, was.stars.checkedAt)

const said = (was: Was, wish: Wish) => (counts(was, wish) ? become(was, { wish }) : was)
const shown = (was: Was, stars: Evidence) => (isNewest(was, stars) ? become(was, { stars }) : was)

/** A referral from its arrival to its end: the one fold for decisions, the case view and the queue. */
export const evolveReferral: Evolve<Was, ReferralEvent> = {
  ReferralReceived: (_, { referralId, source, serviceArea, receivedAt, wish }, { occurredAt }) => ({
    referralId,
    source,
    serviceArea,
    receivedAt,
    state: wish === 'YES' ? 'WANTED' : 'RECEIVED',
    ...(wish === 'YES' ? { wish: { answer: wish, by: 'PERSON', at: earlierOf(receivedAt, occurredAt) } } : {}),
  }),
  ServiceWishConfirmed: (was, { saidAt }, { occurredAt }) => said(was, { answer: 'YES', by: 'PERSON', at: saidAt ?? occurredAt }),
  ServiceDeclined: (was, { declinedBy, saidAt }, { occurredAt }) => said(was, { answer: 'NO', by: declinedBy, at: saidAt ?? occurredAt }),
  // Who asks, and how often they tried, is the check's own (wish-check.ts).
  ServiceWishCheckRequested: was => was,
  ServiceWishUnresolved: (was, { decision, decidedAt }) => (decision === 'ERASE' ? become(was, { unresolvedAt: decidedAt }) : was),
  EligibilityConfirmed: (was, { evidenceType, checkedAt, validUntil }) =>
    shown(was, { outcome: 'CONFIRMED', evidenceType, checkedAt, validUntil }),
  EligibilityRefused: (was, { evidenceType, checkedAt }) => shown(was, { outcome: 'REFUSED', evidenceType, checkedAt }),
  ReferralAccepted: (was, { acceptedAt }) => become(was, { acceptedAt }),
  ReferralErased: was => become(was, { state: 'ERASED' }),
  ErasureCompleted: (was, { extent }) => (extent === 'ALL' ? become(was, { state: 'ERASED' }) : was),
}
