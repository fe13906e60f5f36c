import type { Decided } from '#decider/command'
import type { Category } from '#event-kit/scope'
import { isEarlier } from '#kernel/instants'
import type { SubjectRef } from '#kernel/id'
import { type Consent, type Withdrawn, consentKey, isAbout } from '../consent/consents.js'
import type { Person, PersonEvent } from '../person.js'
import { cancelled } from './dispatch-disclosure.js'
import { type Disclosure, isQueued } from './disclosures.js'
import { SentDisclosureFlagged } from './events.js'

/** What somebody said of a consent, when, and what of it is left. */
export type SaidOfConsent = {
  readonly which: Withdrawn
  readonly saidAt: string
  readonly left: readonly Category[]
  readonly because: 'CONSENT_WITHDRAWN' | 'CONSENT_NOT_GRANTED' | 'CONSENT_SCOPE_EXCEEDED'
}
type Asked = { readonly subjectRef: SubjectRef; readonly now: string }

/**
 * C32, K2: what follows for the disclosures that rest on consent, of what was just said about it. What waits and is not covered any more is
 * cancelled in the same append; what was sent after it was said, though it came to be known only now, is flagged and stays as it was.
 */
export function afterConsent(person: Person, said: SaidOfConsent, { subjectRef, now }: Asked): readonly Decided<PersonEvent>[] {
  return [...person.disclosures.entries()].flatMap(([id, disclosure]): readonly Decided<PersonEvent>[] => {
    if (!concerns(said, disclosure)) return []
    const work = { disclosureId: id as Parameters<typeof SentDisclosureFlagged.of>[0]['disclosureId'], subjectRef }
    if (disclosure.state === 'REQUESTED' || isQueued(disclosure))
      return hasEnded(person, said, disclosure) ? [cancelled(person, work, [said.because], now)] : []
    if (!wasSentAfter(person, said, disclosure) || disclosure.reviewItems.includes(said.because)) return []
    return [SentDisclosureFlagged.of({ ...work, reviewItems: [...disclosure.reviewItems, said.because], at: now })]
  })
}

const purposeOf = ({ about }: Disclosure) => about?.purpose ?? ''
const concerns = ({ which, left }: SaidOfConsent, disclosure: Disclosure) =>
  disclosure.about?.basis.art6 === 'a'
  && isAbout(which, { recipient: disclosure.recipient, purpose: purposeOf(disclosure) })
  && disclosure.about.categories.some(category => category !== 'ID' && !left.includes(category))

/** Whoever agreed again since it was said has agreed. */
const stillStands = (consent: Consent | undefined, saidAt: string) => consent?.state === 'GIVEN' && isEarlier(saidAt, consent.since)
const consentOf = ({ consents }: Person, disclosure: Disclosure) => consents.get(consentKey(disclosure.recipient, purposeOf(disclosure)))

const hasEnded = (person: Person, { saidAt }: SaidOfConsent, disclosure: Disclosure) => !stillStands(consentOf(person, disclosure), saidAt)

/** Where the consent of that time is not to be told any more, somebody looks at it. */
function wasSentAfter(person: Person, { saidAt }: SaidOfConsent, { sentAt, authorisedAt = '', ...disclosure }: Disclosure) {
  if (disclosure.state !== 'SENT' || sentAt === undefined || !isEarlier(saidAt, sentAt)) return false
  return !isEarlier(saidAt, authorisedAt) || !stillStands(consentOf(person, disclosure), saidAt)
}
