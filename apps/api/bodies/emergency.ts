import { type DisclosureMethod, disclosureMethods } from '#domain/person/disclosure/events'
import {
  type AbilityToConsent,
  type EmergencyOutcome,
  type EmergencyRecipient,
  abilitiesToConsent,
  emergencyOutcomes,
  emergencyRecipients,
} from '#domain/person/emergency/events'
import { type Category, categories } from '#event-kit/scope'
import { Personal } from '#kernel/personal'
import { OneOf, PastInstant, PolicyCode, Text } from '#nest/fields'
import { Line } from '#nest/personal-fields'

/** As little as can be asked of somebody who has just rung for an ambulance. */
export class EmergencyDisclosureBody {
  @OneOf(emergencyRecipients) recipient!: EmergencyRecipient
  @Text(2_000, { description: 'Why somebody’s life, or serious harm, is at stake.' }) necessity!: string
  @PastInstant({ optional: true, description: 'When it was told; now unless told.' }) madeAt?: string
  @Line(200, { optional: true, description: 'Whom exactly.' }) recipientContact?: string
  @OneOf(disclosureMethods, { optional: true, description: 'PHONE unless told.' }) method?: DisclosureMethod
  @OneOf(categories, { optional: true, list: true, max: categories.length, description: 'With those of the fields.' })
  categories?: Category[]
  @PolicyCode({ optional: true, list: true, max: 100, description: '<category>.<name>; one that is in no field schema is kept sealed.' })
  fields?: string[]
  @Text(5_000, { optional: true, description: 'What was told, in words, where no field has a name for it.' }) told?: string
  @OneOf(abilitiesToConsent, { optional: true, description: 'Whether the person could have consented; NOT_KNOWN unless told.' })
  abilityToConsent?: AbilityToConsent
}
export class EmergencyReviewBody {
  @OneOf(emergencyOutcomes) outcome!: EmergencyOutcome
  @Text(5_000) reasons!: string
}

/** The words are sealed. */
export const emergencyIn = ({
  necessity,
  recipientContact,
  told,
  method = 'PHONE',
  categories: said = [],
  fields = [],
  abilityToConsent = 'NOT_KNOWN',
  ...body
}: EmergencyDisclosureBody) => ({
  ...body,
  method,
  fields,
  abilityToConsent,
  categories: said,
  necessity: Personal.of(necessity),
  recipientContact: Personal.given(recipientContact),
  told: Personal.given(told),
})
