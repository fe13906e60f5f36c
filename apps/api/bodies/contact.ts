import { ValidateBy } from 'class-validator'
import { type Channel, channels } from '#domain/person/channels'
import {
  type CommunicationNeed,
  type ContactAbout,
  type ContactFailure,
  type ContactId,
  type ContactUrgency,
  type MessageKind,
  communicationNeeds,
  contactAbouts,
  contactFailures,
  contactUrgencies,
  messageKinds,
} from '#domain/person/contact/events'
import { isSafeTime, safeTimeRule } from '#domain/person/contact/safe-times'
import { type ErasureGround, erasureGrounds } from '#domain/person/erasure/events'
import type { StaffRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { Checked, Flag, Instant, Nested, OneOf, PastInstant, PolicyCode, Text, Uuid } from '#nest/fields'
import { defaultPack } from '#policy/default-pack'
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
    { type: 'string', example: ['MON 09:00-12:30'] },
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

class ContactBody {
  @OneOf(channels) channel!: Channel
  @OneOf(contactAbouts, { description: 'VITAL_INTERESTS: a danger to life. BREACH: of the person’s own data.' }) about!: ContactAbout
  @OneOf(contactUrgencies, { optional: true, description: 'ROUTINE unless told.' }) urgency?: ContactUrgency
  @Flag({ optional: true, description: 'A message is left where nobody answers. False unless told.' }) message?: boolean
}
export class PlannedContactBody extends ContactBody {
  @Instant({ description: 'When the person is to be contacted.' }) plannedFor!: string
}
export class HappenedContactBody extends ContactBody {
  @PastInstant() contactedAt!: string
  @OneOf(['REACHED', ...contactFailures]) outcome!: 'REACHED' | ContactFailure
  @Uuid({ optional: true, description: 'The contactId of the plan, where it was planned.' }) planned?: ContactId
  @Text(5_000, { optional: true, description: 'What was said: sealed with the correspondence.' }) note?: string
}

const contactIn = <B extends ContactBody>({ urgency = 'ROUTINE', message = false, ...body }: B) => ({ ...body, urgency, message })
export const plannedIn = (body: PlannedContactBody) => contactIn(body)
export const happenedIn = ({ note, ...body }: HappenedContactBody) => ({ ...contactIn(body), note: Personal.given(note) })

export class MessageBody {
  @OneOf(channels) channel!: Channel
  @PastInstant({ description: 'When it arrived, not when it was read: what it asks for counts from then.' }) receivedAt!: string
  @Text(10_000, { description: 'What it says: sealed with the correspondence.' }) words!: string
}
class MessageRequestBody {
  @OneOf(erasureGrounds, { description: 'Article 17(1)(a) to (g).' }) grounds!: ErasureGround
  @Text(5_000, { description: 'What the person said: kept sealed, as evidence.' }) words!: string
  @Uuid({ optional: true, list: true, max: 20, description: 'Staff whom the request concerns: they do not decide it.' })
  concernsStaff?: StaffRef[]
}
export class MessageHandlingBody {
  @WithItsRequest()
  @OneOf(messageKinds, { description: 'What it was. What else is asked for is received by its own command.' })
  as!: MessageKind
  @Nested(() => MessageRequestBody, { optional: true, description: 'Of ERASURE_REQUEST.' }) request?: MessageRequestBody
}
function WithItsRequest(): PropertyDecorator {
  const rule = 'must be ERASURE_REQUEST where a request is given, and nowhere else'
  return ValidateBy({
    name: 'withItsRequest',
    validator: {
      validate: (value, about) => (value === 'ERASURE_REQUEST') === ((about?.object as Partial<MessageHandlingBody>).request !== undefined),
      defaultMessage: () => rule,
    },
  })
}
const firstNotices = defaultPack.notice.flatMap(({ data }) => ('version' in data ? [data.version] : []))
export class NoticeBody {
  @PolicyCode({ known: firstNotices, description: 'A version that was in force by then: GET /v1/policies/notices.' })
  noticeVersion!: string
  @OneOf(channels) channel!: Channel
  @PastInstant() providedAt!: string
}

export const messageIn = ({ words, ...body }: MessageBody) => ({ ...body, words: Personal.of(words) })
export const requestOf = ({ request }: MessageHandlingBody) =>
  request && { grounds: request.grounds, words: Personal.of(request.words), concernsStaff: request.concernsStaff ?? [] }
