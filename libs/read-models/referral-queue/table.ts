import { referralStates } from '#domain/person/intake/referral'
import { clear, declareTable, maybe } from '#projections/table'

export const referralTable = declareTable({
  name: 'referral_queue',
  item: 'ReferralItem',
  names: 'ID.name',
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
    state: clear('text', { oneOf: referralStates, description: 'What the referral has come to.' }),
    eligibility: maybe('text'),
    eligible_until: maybe('timestamptz(3)', {
      description: 'Until when the evidence of a STARS service counts: nobody is accepted after it.',
    }),
    /** What the fold goes on from. */
    folded: clear('jsonb', { hidden: true }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position'], ['eligible_until', 'position']],
})
