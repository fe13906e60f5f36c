import { type Evolve, within } from '#decider/decider'
import { type Referral, type ReferralEvent, evolveReferral } from '#domain/person/intake/referral'
import { personConcerns } from '#domain/person/person'
import type { EventOfConcern } from '#event-kit/concern'
import type { JsonObject } from '#kernel/json'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf, WholeRow } from '#projections/table'
import { referralTable } from './table.js'

const { intake, erasure } = personConcerns
/** Of a referral what does not change, and what it has come to. */
type Queued = Pick<WholeRow<(typeof referralTable)['columns']>, 'channel' | 'service_area' | 'position'> & { readonly referral: Referral }
type Was = Queued | undefined

/** Each step is the domain's own. */
const onReferral = within<Was, Referral | undefined, ReferralEvent>(evolveReferral, {
  take: was => was?.referral,
  put: (was, referral) => was && referral && { ...was, referral },
})
const same = (was: Was) => was

const evolve: Evolve<Was, EventOfConcern<typeof intake | typeof erasure>> = {
  ...onReferral,
  ReferralReceived: (_, data, meta) => {
    const referral = evolveReferral.ReferralReceived(undefined, data, meta)
    return referral && { referral, channel: data.channel, service_area: data.serviceArea, position: meta.position }
  },
  ErasureRequested: same,
  ErasureApproved: same,
  ErasureRefused: same,
  ErasureRequestClosed: same,
  ProjectionPurgeConfirmed: same,
}

const rowOf = ({ referral, ...row }: Queued) => ({
  ...row,
  referral_id: referral.referralId,
  source: referral.source,
  received_at: referral.receivedAt,
  wish: referral.wish?.answer ?? 'UNKNOWN',
  state: referral.state,
  eligibility: referral.stars?.outcome ?? null,
  eligible_until: referral.acceptedAt === undefined ? (referral.stars?.validUntil ?? null) : null,
  folded: referral as unknown as JsonObject,
})
const queuedIn = ({ channel, service_area, position, folded }: RowOf<typeof referralTable>): Queued => ({
  channel,
  service_area,
  position: BigInt(position),
  referral: folded as unknown as Referral,
})

/** The referrals, each in the state that the case view shows, too. */
export const referralQueue = documentProjection({
  name: 'referral-queue',
  concerns: [intake, erasure],
  /** 2: a referral says of which area it is. 3: and until when its evidence counts. */
  revision: 3,
  table: referralTable,
  fold: rowEach(referralTable, { evolve, rowOf, stateOf: queuedIn }),
})
