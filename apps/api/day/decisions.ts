import { breachRegister } from '#read-models/breach-register/projection'
import { breachTable } from '#read-models/breach-register/table'
import { breakGlass } from '#read-models/break-glass/projection'
import { breakGlassTable } from '#read-models/break-glass/table'
import { awaitingDecision, decidedBy } from '#read-models/disclosure-ledger/awaiting'
import { disclosureLedger } from '#read-models/disclosure-ledger/projection'
import { ledgerTable } from '#read-models/disclosure-ledger/table'
import { erasureRequests } from '#read-models/erasure-requests/projection'
import { erasureRequestTable, undecidedBy } from '#read-models/erasure-requests/table'
import { healthRecords } from '#read-models/health-records/projection'
import { healthRecordTable } from '#read-models/health-records/table'
import { wishChecks } from '#read-models/wish-checks/projection'
import { wishCheckTable } from '#read-models/wish-checks/table'
import { at, inState, work } from './waiting.js'

/** What somebody is to decide, or to look at. */
export const decisions = {
  BREACH: work({
    projection: breachRegister,
    table: breachTable,
    capability: 'RESPOND_TO_BREACH',
    which: inState('REPORTED'),
    by: 'target',
    item: ({ breach_id: id, target, discovered_at: since }) => ({ id, due: at(target), since: at(since) }),
  }),
  DISCLOSURE: work({
    projection: disclosureLedger,
    table: ledgerTable,
    capability: decidedBy,
    may: 'APPROVE',
    opens: 'READ_LEDGER',
    which: ({ told, policy }) => awaitingDecision(told.actor, policy),
    by: 'review_due',
    item: ({ subject_ref: subjectRef, disclosure_id: id, review_due: due, requested_at: since }) => ({
      subjectRef,
      id,
      due,
      since: at(since),
    }),
  }),
  ERASURE_REQUEST: work({
    projection: erasureRequests,
    table: erasureRequestTable,
    capability: 'DECIDE_RIGHTS',
    may: 'APPROVE',
    which: ({ told }) => undecidedBy(told.actor),
    by: 'due',
    item: ({ subject_ref: subjectRef, request_id: id, due, received_at: since }) => ({ subjectRef, id, due, since: at(since) }),
  }),
  BREAK_GLASS: work({
    projection: breakGlass,
    table: breakGlassTable,
    capability: 'REVIEW_BREAK_GLASS',
    may: 'APPROVE',
    which: ({ told }) => [
      [
        { column: 'state', is: '=', value: 'TO_REVIEW' },
        { column: 'staff_ref', is: '<>', value: told.actor.id },
      ],
    ],
    by: 'used_at',
    item: ({ subject_ref: subjectRef, grant_id: id, used_at: since }) => ({ subjectRef, id, since: at(since) }),
  }),
  WISH_TO_DECIDE: work({
    projection: wishChecks,
    table: wishCheckTable,
    capability: 'DECIDE_UNRESOLVED_WISH',
    opens: 'RECORD_BASICS',
    which: ({ now }) => [
      [
        { column: 'state', is: '=', value: 'ASKING' },
        { column: 'due', is: '<', value: now },
      ],
    ],
    by: 'due',
    item: ({ subject_ref: subjectRef, due }) => ({ subjectRef, due: at(due) }),
  }),
  HEALTH_RECORD: work({
    projection: healthRecords,
    table: healthRecordTable,
    capability: 'OVERSEE_HEALTH',
    opens: 'RECORD_HEALTH',
    which: inState('WAITS'),
    by: 'recorded_at',
    item: ({ subject_ref: subjectRef, recorded_at: since }) => ({ subjectRef, since: at(since) }),
  }),
} as const
