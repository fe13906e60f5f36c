import type { Consent, Withdrawal } from '#domain/person/consent/consents'
import type { Contact } from '#domain/person/contact/contact'
import type { Equality } from '#domain/person/details/equality'
import type { Episode } from '#domain/person/episode/episode'
import type { Referral } from '#domain/person/intake/referral'
import type { WishCheck } from '#domain/person/intake/wish-check'
import type { Links } from '#domain/person/links/links'
import type { Retention } from '#domain/person/retention/retention'
import type { StandingFacts } from '#domain/person/standing/facts'
import type { Category, Scope } from '#event-kit/scope'
import type { Sealed } from '#kernel/personal'

/** A field of the record: where it came from, in the clear. Its value stands sealed beside, until its scope is erased. */
export type CaseField = {
  readonly category: Category
  readonly scope: Scope
  readonly recordedAt: string
  readonly provenance: string
  readonly eventId: string
  readonly erased: boolean
}
export type CaseDisclosure = {
  readonly disclosureId: string
  readonly recipient: string
  readonly purpose: string
  readonly state: 'REQUESTED' | 'QUEUED' | 'SENT' | 'FAILED' | 'REFUSED' | 'CANCELLED'
  readonly at: string
}
export type CaseErasure = { readonly requestId: string; readonly state: string; readonly receivedAt: string; readonly due: string }
/** What the case view says in the clear. */
export type CaseFacts = {
  readonly referral?: {
    readonly referralId: string
    readonly source: string
    readonly channel: string
    readonly serviceArea: string
    readonly receivedAt: string
    readonly wish: string
    readonly wishClaimed: string
    readonly state: string
  }
  readonly eligibility?: {
    readonly outcome: string
    readonly evidenceType: string
    readonly checkedAt: string
    readonly validUntil?: string
  }
  /** The referral as the domain has it: what the two above are told from. In no answer. */
  readonly folded?: Referral
  /** As the domain has it: that the person is being asked. */
  readonly wishCheck?: WishCheck
  /** As the domain has it: its jobs, and who supports the person. */
  readonly episode?: Episode
  /** As the domain has it: by which ways the person may be reached. */
  readonly contact?: Contact
  readonly retention?: Retention
  /** As the domain has it: what stands about the person. Shown to those who may see its category. */
  readonly standing?: StandingFacts
  /** As the domain has it: what the person said of equality monitoring. */
  readonly equality?: Equality
  /** As the domain has it: which other records are of the same person, or may be. */
  readonly links?: Links
  readonly fields: Readonly<Record<string, CaseField>>
  readonly consents: Readonly<Record<string, Consent>>
  /** When what was withdrawn: a form that is older does not count. */
  readonly withdrawals: Readonly<Record<string, Withdrawal>>
  readonly disclosures: Readonly<Record<string, CaseDisclosure>>
  readonly erasureRequests: Readonly<Record<string, CaseErasure>>
  readonly erasedScopes: readonly Scope[]
  readonly erasedAt?: string
}
/** One case: clear facts, and the sealed values by field code. The same fold writes the view and answers `asOf`. */
export type Case = { readonly facts: CaseFacts; readonly values: Readonly<Record<string, Sealed>> }

export const withFacts = <C extends Case>(was: C, facts: Partial<CaseFacts>): C => ({ ...was, facts: { ...was.facts, ...facts } })

/** What happened says nothing of the case. */
export const same = (was: Case) => was
