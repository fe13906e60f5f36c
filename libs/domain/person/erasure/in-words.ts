import type { DataOfEvent } from '#event-kit/event'
import { type InWords, listed } from '#event-kit/in-words'
import type { ErasureCompleted, ErasureEvent } from './events.js'

const tried = ({ ciphertextsTried, ciphertextsOpened }: DataOfEvent<typeof ErasureCompleted>['verification']) =>
  `${ciphertextsTried} ciphertexts tried, ${ciphertextsOpened} opened`

export const erasureInWords: InWords<ErasureEvent> = {
  ErasureRequested: ({ channel, grounds, due }) => `The person asked by ${channel} to be erased (${grounds}); an answer is due by ${due}.`,
  ErasureApproved: ({ extent, scopes }) =>
    extent === 'ALL' ? 'The erasure was approved, in full.' : `The erasure was approved for ${listed(scopes)}.`,
  ErasureRefused: () => 'The erasure was refused, with reasons.',
  ErasureRequestClosed: () => 'The request was closed: everything was erased before it was decided on.',
  ProjectionPurgeConfirmed: ({ projections }) => `${projections.length} read models were purged.`,
  ErasureCompleted: ({ verification, notices }) =>
    `The erasure was completed and verified: ${tried(verification)}; notices to recipients: ${notices.toLowerCase().replace('_', ' ')}.`,
  ReferralErased: ({ rule }) => `The referral was erased at the point of referral (${rule}); this tombstone is what is left.`,
}
