import { Instant, OneOf, PolicyCode, Uuid } from '#nest/fields'
import { before, equals, listOf } from '#nest/list-of'
import { wishChecks } from '#read-models/wish-checks/projection'
import { wishCheckTable } from '#read-models/wish-checks/table'

export const wishCheckList = listOf({
  operation: 'WishChecks.list',
  tag: 'intake',
  path: 'wish-checks',
  summary: 'Whose wish nobody has heard yet, who asks them, until when, and on which days it was tried (C12); without personal data',
  capability: 'RECORD_SERVICE_WISH',
  opens: 'RECORD_BASICS',
  projection: wishChecks,
  table: wishCheckTable,
  forReader: () => [
    [
      { column: 'state', is: '<>', value: 'ANSWERED' },
      { column: 'state', is: '<>', value: 'ERASED' },
    ],
  ],
  filters: {
    state: equals('state', OneOf(['TO_BEGIN', 'ASKING'], { optional: true })),
    owner: equals('owner', Uuid({ optional: true })),
    source: equals('source', PolicyCode({ optional: true })),
    dueBefore: before('due', Instant({ optional: true, description: 'What a team leader decides by then.' })),
  },
})
