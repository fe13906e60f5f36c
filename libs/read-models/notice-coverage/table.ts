import { clear, declareTable, maybe } from '#projections/table'

/** The version of those who had none yet. */
export const noNotice = 'NONE'

export const noticeTable = declareTable({
  name: 'notice_coverage',
  item: 'NoticeCoverageItem',
  names: 'ID.name',
  key: 'subject_ref',
  subject: 'subject_ref',
  columns: {
    subject_ref: clear('uuid'),
    state: clear('text', { oneOf: ['NEVER_PROVIDED', 'PROVIDED', 'ERASED'] }),
    notice_version: clear('text', { description: 'The version that the person was given last; NONE, where they had none yet.' }),
    channel: maybe('text'),
    provided_at: maybe('timestamptz(3)'),
    due: maybe('text', {
      format: 'date',
      description:
        'Of somebody who had none yet, the last day: of data from the person, the day on which it came (UK GDPR Art 13); from others, '
        + 'a month on, or the first contact or sharing, whichever is first (Art 14). Not moved past weekends.',
    }),
    position: clear('bigint', { hidden: true }),
  },
  indexes: [['position'], ['state', 'position'], ['due', 'position']],
})
