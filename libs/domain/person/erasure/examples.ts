import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { erasableScopes } from '#event-kit/scope'
import { Personal } from '#kernel/personal'
import { erasureId, kid, referralId, requestId, staffConcerned, subjectRef } from '../invented.js'
import {
  ErasureApproved,
  ErasureCompleted,
  type ErasureEvent,
  ErasureRefused,
  ErasureRequestClosed,
  ErasureRequested,
  ProjectionPurgeConfirmed,
  ReferralErased,
} from './events.js'

const decided = {
  requestId,
  subjectRef,
  consequenceExplainedAt: at,
  perScope: [{ scope: 'HLT', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }],
  reasons: Personal.of('a claim is open'),
} as const
const certificate = {
  erasureId,
  certificateId: inventedId(9),
  subjectRef,
  scopes: erasableScopes,
  kids: [kid],
  projections: ['case-view'],
  purgedTo: '42',
  completedAt: at,
  copiesUnreadableBy: '2026-12-01T09:00:00.000Z',
  verification: { keysFound: 0, indexRowsFound: 0, sealedValuesFound: 0, ciphertextsTried: 3, ciphertextsOpened: 0 },
} as const

/** One example of every event of this concern, every optional field filled. */
export const erasureExamples = {
  ErasureRequested: ErasureRequested.of({
    requestId,
    subjectRef,
    channel: 'EMAIL',
    receivedAt: at,
    grounds: 'MALICIOUS_ALLEGATION',
    regime: 'ART_12A',
    due: '2026-12-01',
    rule: 'ART12-3-ONE-MONTH',
    calendarVersion: 'DEMO-1',
    concernsStaff: [staffConcerned],
    words: Personal.of('erase me'),
  }),
  ErasureApproved: ErasureApproved.of({ ...decided, erasureId, extent: 'ALL', scopes: erasableScopes }),
  ErasureRefused: ErasureRefused.of(decided),
  ErasureRequestClosed: ErasureRequestClosed.of({ requestId, subjectRef, erasureId, reason: 'SUBJECT_ERASED', closedAt: at }),
  ProjectionPurgeConfirmed: ProjectionPurgeConfirmed.of({ erasureId, subjectRef, projections: ['case-view'], position: '42' }),
  ErasureCompleted: ErasureCompleted.of({
    ...certificate,
    requestId,
    extent: 'ALL',
    notices: 'OUTSTANDING',
    paper: 'UNKNOWN',
    archive: 'UNKNOWN',
    processors: 'UNKNOWN',
  }),
  ReferralErased: ReferralErased.of({
    ...certificate,
    referralId,
    source: 'DWP-JCP',
    receivedAt: at,
    declinedAt: at,
    refusedAt: at,
    unresolvedAt: at,
    rule: 'C13',
    notices: 'NOT_APPLICABLE',
    paper: 'UNKNOWN',
    archive: 'UNKNOWN',
    processors: 'UNKNOWN',
  }),
} satisfies ExampleOfEach<ErasureEvent>
