import { type Evolve, andThen, within } from '#decider/decider'
import { type Referral, type ReferralEvent, evolveReferral, saidIt } from '#domain/person/intake/referral'
import { type WishCheck, type WishCheckStep, evolveWishCheck } from '#domain/person/intake/wish-check'
import { personConcerns } from '#domain/person/person'
import type { EventOfConcern } from '#event-kit/concern'
import type { JsonObject } from '#kernel/json'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf, WholeRow } from '#projections/table'
import { wishCheckTable } from './table.js'

const { intake, contact, erasure } = personConcerns
type Asked = { readonly referral: Referral; readonly check?: WishCheck | undefined; readonly position: bigint }
type Was = Asked | undefined
type Row = WholeRow<(typeof wishCheckTable)['columns']>
const same = (was: Was) => was

/** Each step is the domain's own. */
const onReferral = within<Was, Referral | undefined, ReferralEvent>(evolveReferral, {
  take: was => was?.referral,
  put: (was, referral) => was && referral && { ...was, referral },
})
const onCheck = within<Was, WishCheck | undefined, WishCheckStep>(evolveWishCheck, {
  take: was => was?.check,
  put: (was, check) => was && { ...was, check },
})

const evolve: Evolve<Was, EventOfConcern<typeof intake | typeof contact | typeof erasure>> = {
  ...onReferral,
  ...onCheck,
  ReferralReceived: (_, data, meta) => {
    const referral = evolveReferral.ReferralReceived(undefined, data, meta)
    return referral && { referral, position: meta.position }
  },
  ServiceWishConfirmed: andThen(onReferral.ServiceWishConfirmed, onCheck.ServiceWishConfirmed),
  ServiceDeclined: andThen(onReferral.ServiceDeclined, onCheck.ServiceDeclined),
  ServiceWishUnresolved: andThen(onReferral.ServiceWishUnresolved, onCheck.ServiceWishUnresolved),
  ContactPreferencesSet: same,
  ContactPlanned: same,
  InboundMessageReceived: same,
  InboundMessageHandled: same,
  PrivacyNoticeProvided: same,
  ErasureRequested: same,
  ErasureApproved: same,
  ErasureRefused: same,
  ErasureRequestClosed: same,
  ProjectionPurgeConfirmed: same,
}

function stateOf({ referral, check }: Asked): Row['state'] {
  if (referral.state === 'ERASED' || referral.unresolvedAt !== undefined) return 'ERASED'
  if (saidIt(referral)) return 'ANSWERED'
  return check ? 'ASKING' : 'TO_BEGIN'
}
function rowOf(asked: Asked) {
  const { referral, check, position } = asked
  const state = stateOf(asked)
  const going = state === 'ASKING' ? check : undefined
  return {
    source: referral.source,
    received_at: referral.receivedAt,
    state,
    owner: going?.owner ?? null,
    requested_at: going?.requestedAt ?? null,
    due: going?.due ?? null,
    tried_on: going?.triedOn ?? [],
    folded: { referral, check: check ?? null } as unknown as JsonObject,
    position,
  }
}
function askedIn({ folded, position }: RowOf<typeof wishCheckTable>): Asked {
  const { referral, check } = folded as unknown as { readonly referral: Referral; readonly check: WishCheck | null }
  return { referral, check: check ?? undefined, position: BigInt(position) }
}

/** C12: whose wish is known, who asks those whose is not, until when, and on which days it was tried. */
export const wishChecks = documentProjection({
  name: 'wish-checks',
  concerns: [intake, contact, erasure],
  table: wishCheckTable,
  fold: rowEach(wishCheckTable, { evolve, rowOf, stateOf: askedIn }),
})
