import { clear, declareTable, maybe } from '#projections/table'

/** What the referral has come to, from the wish, the evidence and what ended it. */
const state = `case
  when state in ('DECLINED', 'ERASED') then state
  when eligibility = 'REFUSED' then 'INELIGIBLE'
  when wish = 'YES' and eligibility = 'CONFIRMED' then 'ELIGIBLE'
  else state end`

export const referralTable = declareTable({
  name: 'referral_queue',
  item: 'ReferralItem',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    referral_id: clear('uuid'),
    source: clear('text'),
    channel: clear('text'),
    service_area: clear('text'),
    received_at: clear('timestamptz(3)'),
    wish: clear('text'),
    state: clear('text'),
    eligibility: maybe('text'),
    position: clear('bigint', { hidden: true }),
  },
  reads: { state },
  indexes: [['position'], ['state', 'position']],
})
