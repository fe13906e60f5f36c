import { londonDate, monthsAfter } from '#calendar/statutory-periods'
import type { Evolve } from '#decider/decider'
import { personConcerns } from '#domain/person/person'
import type { EventOfConcern } from '#event-kit/concern'
import { documentProjection } from '#projections/projection'
import { rowEach } from '#projections/row-each'
import type { RowOf, WholeRow } from '#projections/table'
import { noNotice, noticeTable } from './table.js'

const { intake, contact, disclosure, erasure } = personConcerns
type Row = WholeRow<(typeof noticeTable)['columns']>
type Coverage = Omit<Row, 'subject_ref'>
type Was = Coverage | undefined
const same = (was: Was) => was
const erased = (was: Was): Was => was && { ...was, state: 'ERASED', due: null }

/** UK GDPR Art 14(3): the first contact and the first sharing do not wait for the month. */
const notAfter = (was: Was, instant: string): Was =>
  was && { ...was, due: was.due !== null && londonDate(instant) < was.due ? londonDate(instant) : was.due }

const evolve: Evolve<Was, EventOfConcern<typeof intake | typeof contact | typeof disclosure | typeof erasure>> = {
  ReferralReceived: (_, { source, receivedAt }, { position }) => ({
    state: 'NEVER_PROVIDED',
    notice_version: noNotice,
    channel: null,
    provided_at: null,
    due: source === 'SELF' ? londonDate(receivedAt) : monthsAfter(londonDate(receivedAt), 1),
    position,
  }),
  PrivacyNoticeProvided: (was, { noticeVersion, channel, providedAt }) =>
    was && providedAt >= (was.provided_at ?? '')
      ? { ...was, state: 'PROVIDED', notice_version: noticeVersion, channel, provided_at: providedAt, due: null }
      : was,
  ContactMade: (was, { contactedAt }) => notAfter(was, contactedAt),
  DisclosureDispatched: (was, { sentAt }) => notAfter(was, sentAt),
  DisclosureFoundSent: (was, { sentAt }) => notAfter(was, sentAt),
  ReferralErased: erased,
  ErasureCompleted: (was, { extent }) => (extent === 'ALL' ? erased(was) : was),
  ServiceWishConfirmed: same,
  ServiceDeclined: same,
  ServiceWishCheckRequested: same,
  ServiceWishUnresolved: same,
  EligibilityConfirmed: same,
  EligibilityRefused: same,
  ReferralAccepted: same,
  ContactPreferencesSet: same,
  ContactPlanned: same,
  ContactFailed: same,
  InboundMessageReceived: same,
  InboundMessageHandled: same,
  DisclosureRequested: same,
  DisclosureAuthorised: same,
  DisclosureRefused: same,
  DataShared: same,
  DisclosureReleased: same,
  SentDisclosureFlagged: same,
  DisclosureDispatchFailed: same,
  PendingDisclosureCancelled: same,
  ErasureRequested: same,
  ErasureApproved: same,
  ErasureRefused: same,
  ErasureRequestClosed: same,
  ProjectionPurgeConfirmed: same,
}

const coverageIn = ({ subject_ref: _, provided_at: at, position, ...row }: RowOf<typeof noticeTable>): Coverage => ({
  ...row,
  provided_at: at?.toISOString() ?? null,
  position: BigInt(position),
})

/** C61: who was given which version of the notice last, and by when those who had none have to have it. */
export const noticeCoverage = documentProjection({
  name: 'notice-coverage',
  concerns: [intake, contact, disclosure, erasure],
  table: noticeTable,
  fold: rowEach(noticeTable, { evolve, rowOf: row => row, stateOf: coverageIn }),
})
