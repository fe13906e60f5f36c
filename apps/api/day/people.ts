import { daysAfter as daysOn, londonDate, startOfDay } from '#calendar/statutory-periods'
import { daysAfter } from '#kernel/instants'
import { caseload } from '#read-models/caseload/projection'
import { caseloadTable } from '#read-models/caseload/table'
import { contactLog } from '#read-models/contact-log/projection'
import { contactTable } from '#read-models/contact-log/table'
import { duplicates } from '#read-models/duplicates/projection'
import { duplicateTable, toCompare } from '#read-models/duplicates/table'
import { inbox } from '#read-models/inbox/projection'
import { inboundMessageTable, waitingMessages } from '#read-models/inbox/table'
import { misObjections } from '#read-models/mis-objections/projection'
import { misObjectionTable } from '#read-models/mis-objections/table'
import { noticeCoverage } from '#read-models/notice-coverage/projection'
import { noticeTable } from '#read-models/notice-coverage/table'
import { referralQueue } from '#read-models/referral-queue/projection'
import { referralTable } from '#read-models/referral-queue/table'
import { wishChecks } from '#read-models/wish-checks/projection'
import { wishCheckTable } from '#read-models/wish-checks/table'
import { at, inState, work } from './waiting.js'

/** Whoever was quiet for so long is rung up. */
const quietDays = 28
/** Evidence that counts no longer than this is said. */
const evidenceDays = 7

/** What is to be done for the people who use the service, or want to. */
export const people = {
  MESSAGE: work({
    projection: inbox,
    table: inboundMessageTable,
    capability: 'RECORD_BASICS',
    which: () => waitingMessages,
    by: 'received_at',
    item: ({ subject_ref: subjectRef, message_id: id, received_at: since }) => ({ subjectRef, id, since: at(since) }),
  }),
  /** Planned for today, or for a day that is over. */
  CONTACT: work({
    projection: contactLog,
    table: contactTable,
    capability: 'RECORD_BASICS',
    which: ({ now }) => [
      [
        { column: 'state', is: '=', value: 'PLANNED' },
        { column: 'at', is: '<', value: startOfDay(daysOn(londonDate(now), 1)) },
      ],
    ],
    by: 'at',
    item: ({ subject_ref: subjectRef, contact_id: id, at: due }) => ({ subjectRef, id, due: at(due) }),
  }),
  WISH_CHECK: work({
    projection: wishChecks,
    table: wishCheckTable,
    capability: 'RECORD_SERVICE_WISH',
    opens: 'RECORD_BASICS',
    which: ({ told, now }) => [
      [
        { column: 'state', is: '=', value: 'ASKING' },
        { column: 'owner', is: '=', value: told.actor.id },
        { column: 'due', is: '>=', value: now },
      ],
    ],
    by: 'due',
    item: ({ subject_ref: subjectRef, due, requested_at: since }) => ({ subjectRef, due: at(due), since: at(since) }),
  }),
  WISH_TO_ASK: work({
    projection: wishChecks,
    table: wishCheckTable,
    capability: 'RECORD_SERVICE_WISH',
    opens: 'RECORD_BASICS',
    which: inState('TO_BEGIN'),
    by: 'received_at',
    item: ({ subject_ref: subjectRef, received_at: since }) => ({ subjectRef, since: at(since) }),
  }),
  /** The evidence of a STARS service runs out before anybody was accepted. */
  ELIGIBILITY: work({
    projection: referralQueue,
    table: referralTable,
    capability: 'ACCEPT_REFERRAL',
    opens: 'RECORD_BASICS',
    which: ({ now }) => [
      [
        { column: 'state', is: '=', value: 'ELIGIBLE' },
        { column: 'eligible_until', is: '>=', value: now },
        { column: 'eligible_until', is: '<', value: daysAfter(now, evidenceDays) },
      ],
    ],
    by: 'eligible_until',
    item: ({ subject_ref: subjectRef, eligible_until: due }) => ({ subjectRef, due: at(due) }),
  }),
  NOTICE: work({
    projection: noticeCoverage,
    table: noticeTable,
    capability: 'RECEIVE_REFERRAL',
    opens: 'RECORD_BASICS',
    which: inState('NEVER_PROVIDED'),
    by: 'due',
    item: ({ subject_ref: subjectRef, due }) => ({ subjectRef, due }),
  }),
  DUPLICATE: work({
    projection: duplicates,
    table: duplicateTable,
    capability: 'COMPARE_RECORDS',
    opens: 'RECORD_BASICS',
    which: () => toCompare,
    by: 'found_at',
    item: ({ subject_ref: subjectRef, found_at: since }) => ({ subjectRef, since: at(since) }),
  }),
  MIS_OBJECTION: work({
    projection: misObjections,
    table: misObjectionTable,
    capability: 'RECORD_BASICS',
    which: inState('OPEN'),
    by: 'received_at',
    item: ({ subject_ref: subjectRef, objection_id: id, received_at: since }) => ({ subjectRef, id, since: at(since) }),
  }),
  /** Somebody uses the service, and nobody supports them. */
  WORKER: work({
    projection: caseload,
    table: caseloadTable,
    capability: 'ACCEPT_REFERRAL',
    opens: 'RECORD_BASICS',
    which: () => [
      [
        { column: 'state', is: '=', value: 'OPEN' },
        { column: 'supported', is: '=', value: 'NO' },
      ],
    ],
    by: 'opened_at',
    item: ({ subject_ref: subjectRef, opened_at: since }) => ({ subjectRef, since: at(since) }),
  }),
  /** Thirteen weeks of a job are full, and nobody has confirmed it. */
  JOB_SUSTAINED: work({
    projection: caseload,
    table: caseloadTable,
    capability: 'CLOSE_EPISODE',
    opens: 'RECORD_BASICS',
    which: ({ told, now }) => [
      [
        { column: 'worker', is: '=', value: told.actor.id },
        { column: 'sustained_from', is: '<', value: daysOn(londonDate(now), 1) },
      ],
    ],
    by: 'sustained_from',
    item: ({ subject_ref: subjectRef, sustained_from: since }) => ({ subjectRef, since }),
  }),
  QUIET: work({
    projection: caseload,
    table: caseloadTable,
    capability: 'CLOSE_EPISODE',
    opens: 'RECORD_BASICS',
    which: ({ told, now }) => [
      [
        { column: 'state', is: '=', value: 'OPEN' },
        { column: 'worker', is: '=', value: told.actor.id },
        { column: 'in_touch_at', is: '<', value: daysAfter(now, -quietDays) },
      ],
    ],
    by: 'in_touch_at',
    item: ({ subject_ref: subjectRef, in_touch_at: since }) => ({ subjectRef, since: at(since) }),
  }),
} as const
