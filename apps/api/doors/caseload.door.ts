import { serviceAreas } from '#domain/person/intake/events'
import { Instant, OneOf, PolicyCode, Uuid } from '#nest/fields'
import { before, equals, listOf } from '#nest/list-of'
import { caseload } from '#read-models/caseload/projection'
import { caseloadTable } from '#read-models/caseload/table'

const people = {
  tag: 'episode',
  capability: 'CLOSE_EPISODE',
  opens: 'RECORD_BASICS',
  projection: caseload,
  table: caseloadTable,
  filters: {
    state: equals('state', OneOf(['OPEN', 'ENDED'], { optional: true })),
    worker: equals('worker', Uuid({ optional: true })),
    supported: equals('supported', OneOf(['YES', 'NO'], { optional: true, description: 'NO: nobody is their worker yet, or any more.' })),
    quietSince: before('in_touch_at', Instant({ optional: true, description: 'With whom nobody has been in touch since.' })),
    area: equals('service_area', PolicyCode({ optional: true, known: serviceAreas })),
  },
} as const

/** Whoever was erased is in nobody’s caseload. */
const isThere = { column: 'state', is: '<>', value: 'ERASED' } as const

export const caseloadList = listOf({
  ...people,
  operation: 'Caseload.all',
  path: 'caseload',
  forReader: () => [[isThere]],
  summary: 'Who uses the service, where, and by whom they are supported; without personal data',
})
export const ownCaseload = listOf({
  ...people,
  operation: 'Caseload.own',
  path: 'caseload/mine',
  forReader: ({ id }) => [[isThere, { column: 'worker', is: '=', value: id }]],
  summary: 'The people whom the reader supports',
})
