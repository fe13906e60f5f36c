import { Equals } from 'class-validator'
import { type Channel, channels } from '#domain/person/channels'
import { type ConsentMethod, consentMethods } from '#domain/person/consent/events'
import type { RecordConsentForm } from '#domain/person/consent/record-consent-form'
import type { WithdrawConsent } from '#domain/person/consent/withdraw-consent'
import { categories } from '#event-kit/scope'
import { type ConsentFormKind, consentForms } from '#kernel/consent-form'
import type { Id } from '#kernel/id'
import type { JsonObject } from '#kernel/json'
import { Personal } from '#kernel/personal'
import { AnyObject, Flag, Instant, Nested, OneOf, PastInstant, PolicyCode, Text, Uuid } from '#nest/fields'
import { Line } from '#nest/personal-fields'
import { refusedAs } from '#nest/problems'

class ConsentRow {
  @PolicyCode() recipient!: string
  @PolicyCode() purpose!: string
  @PolicyCode({ list: true, known: categories, description: 'What was ticked: a YES without any is no consent.' }) categories!: string[]
  @OneOf(['YES', 'NO', 'UNANSWERED']) decision!: 'YES' | 'NO' | 'UNANSWERED'
  @Instant({ optional: true }) validUntil?: string
}

/** C31, C35. What is optional here is kept, sealed, as evidence of the form. */
export class ConsentFormBody {
  @OneOf(consentForms, { optional: true, description: 'SHARING unless told.' }) formType?: ConsentFormKind
  @PolicyCode({ description: 'SCF-1 is the sharing form of the default pack, PHE-1 its PHE form, NDTMS-IPS-1 its supplementary IPS form.' })
  formVersion!: string
  @PastInstant() completedAt!: string
  @OneOf(consentMethods) method!: ConsentMethod
  @Line(200, { optional: true, description: 'Who witnessed a consent by word of mouth.' }) witness?: string
  @Nested(() => ConsentRow, { list: true, max: 50 }) rows!: ConsentRow[]
  @Uuid({ optional: true }) formId?: Id<'FormId'>
  @PolicyCode({ optional: true }) noticeVersion?: string
  @Line(200, { optional: true }) completedWith?: string
  @Uuid({ optional: true }) evidenceBlobId?: string
  @Text(2_000, { optional: true }) capacityStatement?: string
  @Line(100, { optional: true }) language?: string
  @Line(200, { optional: true }) interpreter?: string
  @AnyObject({ optional: true, list: true, max: 20 }) contactPreferences?: JsonObject[]
  @Text(2_000, { optional: true }) communicationNeeds?: string
  @Flag({ optional: true })
  @Equals(true, { message: 'must be true: a person has to know that they can withdraw' })
  withdrawalExplained?: boolean
  @Flag({ optional: true })
  @Equals(true, { message: 'must be true: consent is free only where refusing changes nothing' })
  refusingDoesNotAffectService?: boolean
}

export class WithdrawConsentBody {
  @PolicyCode({ optional: true }) recipient?: string
  @PolicyCode({ optional: true }) purpose?: string
  @Flag({ optional: true, description: 'Withdraws every consent.' }) all?: boolean
  @OneOf(channels) channel!: Channel
  @PastInstant({
    optional: true,
    description: 'When the person said so. What they agreed to after that stands. Just now unless told, which ends all that is given.',
  })
  withdrawnAt?: string
  @PastInstant({ optional: true, description: 'When that reached the service; `withdrawnAt` unless told.' }) receivedAt?: string
}

/** A form as it is decided on: what else it says is kept, sealed. */
export const formIn = (body: ConsentFormBody): Omit<RecordConsentForm, 'subjectRef' | 'formId'> => {
  const { formType: form = 'SHARING', formVersion, noticeVersion, completedAt, method, witness, rows } = body
  return { form, formVersion, noticeVersion, completedAt, method, rows, witnessed: witness !== undefined, evidence: evidenceOf(body) }
}

function evidenceOf({
  witness,
  noticeVersion,
  completedWith,
  evidenceBlobId,
  capacityStatement,
  language,
  interpreter,
  contactPreferences,
  communicationNeeds,
}: ConsentFormBody): Personal<JsonObject> | undefined {
  const given = Object.entries({
    witness,
    noticeVersion,
    completedWith,
    evidenceBlobId,
    capacityStatement,
    language,
    interpreter,
    contactPreferences,
    communicationNeeds,
  }).filter((entry): entry is [string, NonNullable<(typeof entry)[1]>] => entry[1] !== undefined)
  return given.length === 0 ? undefined : Personal.of<JsonObject>(Object.fromEntries(given))
}

/** @throws Refused INVALID_REQUEST */
export function withdrawalIn({ channel, withdrawnAt, receivedAt, ...which }: WithdrawConsentBody): Omit<WithdrawConsent, 'subjectRef'> {
  if (withdrawnAt !== undefined && receivedAt !== undefined && receivedAt < withdrawnAt)
    throw refusedAs('INVALID_REQUEST', [{ field: 'receivedAt', rule: 'must not lie before withdrawnAt' }])
  return { channel, withdrawnAt, receivedAt, which: whichOf(which) }
}

function whichOf({ recipient, purpose, all }: Pick<WithdrawConsentBody, 'recipient' | 'purpose' | 'all'>) {
  if (all === true && recipient === undefined && purpose === undefined) return 'ALL' as const
  if (all !== true && (recipient ?? purpose) !== undefined)
    return { ...(recipient === undefined ? {} : { recipient }), ...(purpose === undefined ? {} : { purpose }) }
  throw refusedAs('INVALID_REQUEST', [{ rule: 'must name a recipient, a purpose or both, or say all: true' }])
}
