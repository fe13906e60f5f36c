import { ValidateBy } from 'class-validator'
import { type Channel, channels } from '#domain/person/channels'
import { type CommunicationNeed, communicationNeeds } from '#domain/person/contact/events'
import { isSafeTime, safeTimeRule } from '#domain/person/contact/safe-times'
import { Personal } from '#kernel/personal'
import { Checked, Flag, OneOf, PastInstant, Text } from '#nest/fields'
import { Line } from '#nest/personal-fields'

/** C58: all of it takes the place of all that was said before. */
export class PreferencesBody {
  @OneOf(channels, { list: true, optional: true, description: 'Ways that the person said are fine.' }) allowed?: Channel[]
  @OneOf(channels, { optional: true }) preferred?: Channel
  @NeitherAllowedNorPreferred()
  @OneOf(channels, { list: true, optional: true, description: 'Ways by which nobody contacts the person.' })
  refused?: Channel[]
  @Flag({ optional: true, description: 'No message is left where nobody answers. False unless told.' }) neverVoicemail?: boolean
  @Flag({ optional: true, description: 'Whoever writes or calls does not say for which service. True unless told.' }) discreet?: boolean
  @Checked(
    'safeTimes',
    safeTimeRule,
    isSafeTime,
    { type: 'string', example: 'MON 09:00-12:30' },
    {
      list: true,
      optional: true,
      max: 50,
      description: 'When the person can be reached safely, in London’s time; at any time unless told.',
    },
  )
  safeTimes?: string[]
  @OneOf(communicationNeeds, { list: true, optional: true }) needs?: CommunicationNeed[]
  @Line(100, { optional: true, description: 'The language in which the person is spoken to.' }) language?: string
  @Text(2_000, { optional: true, description: 'What else they need.' }) otherNeeds?: string
  @PastInstant({ optional: true, description: 'When the person said so; now unless told. What was said last counts.' }) saidAt?: string
}

function NeitherAllowedNorPreferred(): PropertyDecorator {
  const rule = 'must not name a way that is allowed or preferred'
  return ValidateBy({
    name: 'neitherAllowedNorPreferred',
    validator: {
      validate: (value, about) => {
        const { allowed, preferred } = about?.object as Partial<Record<keyof PreferencesBody, unknown>>
        const wanted: readonly unknown[] = [preferred, ...(Array.isArray(allowed) ? (allowed as readonly unknown[]) : [])]
        return !Array.isArray(value) || !value.some(one => wanted.includes(one))
      },
      defaultMessage: () => rule,
    },
  })
}

/** What they need is sealed. */
export const preferencesIn = ({
  allowed = [],
  refused = [],
  neverVoicemail = false,
  discreet = true,
  safeTimes,
  needs,
  language,
  otherNeeds,
  ...body
}: PreferencesBody) => ({
  ...body,
  allowed,
  refused,
  neverVoicemail,
  discreet,
  safeTimes: Personal.given(safeTimes),
  needs: Personal.given(needs),
  language: Personal.given(language),
  otherNeeds: Personal.given(otherNeeds),
})
