import { referralStates } from '#domain/person/intake/referral'
import { Instant, OneOf, PolicyCode } from '#nest/fields'
import { before, equals, listOf } from '#nest/list-of'
import { referralQueue } from '#read-models/referral-queue/projection'
import { referralTable } from '#read-models/referral-queue/table'

export const referralList = listOf({
  operation: 'ReferralQueue.list',
  tag: 'intake',
  path: 'referrals',
  summary: 'The referrals, without personal data',
  capability: 'RECEIVE_REFERRAL',
  opens: 'RECORD_BASICS',
  projection: referralQueue,
  table: referralTable,
  filters: {
    state: equals('state', OneOf(referralStates, { optional: true })),
    source: equals('source', PolicyCode({ optional: true })),
    eligibleBefore: before(
      'eligible_until',
      Instant({ optional: true, description: 'Whose evidence of a STARS service runs out by then (C11).' }),
    ),
  },
})
