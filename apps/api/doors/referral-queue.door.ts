import { referralStates } from '#domain/person/intake/referral'
import { OneOf, PolicyCode } from '#nest/fields'
import { equals, listOf } from '#nest/list-of'
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
  filters: { state: equals('state', OneOf(referralStates, { optional: true })), source: equals('source', PolicyCode({ optional: true })) },
})
