import type { DataOfEvent } from '#event-kit/event'
import type { Personal } from '#kernel/personal'
import type { DisclosureAsked } from './disclosure-asked.js'
import type { DisclosureRequested } from './events.js'

/** What the police ask of a victim has to say: PCSC Act 2022 ss.44A to 44F. In writing, on a form that can be named. */
export type VictimRequest<Words> = {
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly form?: Words | undefined
  readonly reason?: Words | undefined
  /** Why counselling notes would have substantial probative value. */
  readonly probativeValue?: Words | undefined
}
/** As it is kept with the disclosure. */
export type KeptOfVictim = 'victimPeriod' | 'victimForm' | 'victimReason' | 'probativeValue'
export const counsellingNotes = 'HLT.counsellingNotes'

/** As far as the rules look at it. */
export const lookedAt = ({ from, until, form, reason, probativeValue }: VictimRequest<unknown> = {}): DisclosureAsked['victimRequest'] => ({
  isComplete: from !== undefined && until !== undefined && from <= until && form !== undefined && reason !== undefined,
  saysProbativeValue: probativeValue !== undefined,
})

export const kept = ({ from, until, form, reason, probativeValue }: VictimRequest<Personal<string>> = {}): Pick<
  DataOfEvent<typeof DisclosureRequested>,
  KeptOfVictim
> => ({
  victimPeriod: from !== undefined && until !== undefined ? { from, until } : undefined,
  victimForm: form,
  victimReason: reason,
  probativeValue,
})

/** K12: whole, and of counselling notes with their value for the case. */
export const isEnough = ({ victimRequest, fields }: DisclosureAsked) =>
  victimRequest?.isComplete === true && (victimRequest.saysProbativeValue || !fields.includes(counsellingNotes))
