import { command, noCategories } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { intakeBasis } from '../intake/intake.js'
import { person } from '../person.js'
import { PrivacyNoticeProvided } from './events.js'

export type ProvidePrivacyNotice = DataOfEvent<typeof PrivacyNoticeProvided>
/** Every version of the notice that was ever in force, and since when. */
export type NoticesInForce = { readonly noticeVersions: ReadonlyMap<string, { readonly effectiveFrom: string }> }

/** C61: that somebody was given the notice, in a version that was in force by then, and by which way (UK GDPR Arts 13 and 14). */
export const providePrivacyNotice = command({
  name: 'ProvidePrivacyNotice',
  clauses: ['C61'],
  says: 'Record that somebody was given the privacy notice',
  aggregate: person,
  streamId: ({ subjectRef }: ProvidePrivacyNotice) => subjectRef,
  capability: 'RECEIVE_REFERRAL',
  purpose: 'SERVICE_PROVISION',
  basis: intakeBasis,
  categories: noCategories,
  exemptFrom: [],
  refusals: ['NOT_FOUND', 'NOTICE_VERSION_UNKNOWN'],
  decide:
    (notice: ProvidePrivacyNotice, { noticeVersions }: NoticesInForce) =>
    ({ intake }) => {
      if (!intake.referral) return refused('NOT_FOUND')
      const version = noticeVersions.get(notice.noticeVersion)
      if (!version || Date.parse(notice.providedAt) < Date.parse(version.effectiveFrom)) return refused('NOTICE_VERSION_UNKNOWN')
      return accept([PrivacyNoticeProvided.of(notice)])
    },
})
