import { ValidateBy, ValidateIf } from 'class-validator'
import { channels, type Channel } from '#domain/person/channels'
import {
  type Decliner,
  type EvidenceType,
  type UnresolvedDecision,
  decliners,
  evidenceTypes,
  referralSources,
  serviceAreas,
  unresolvedDecisions,
} from '#domain/person/intake/events'
import { normalisedNhsNumber } from '#domain/person/intake/nhs-number'
import type { ReceiveReferral } from '#domain/person/intake/receive-referral'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { Flag, Nested, OneOf, PastInstant, PolicyCode, Text, Uuid, field } from '#nest/fields'
import { BirthDate, EmailAddress, Line, TelephoneNumber } from '#nest/personal-fields'

class ReferredPerson {
  @Line(200) name!: string
  @BirthDate({ optional: true }) dateOfBirth?: string
  @Line(20, { optional: true, description: 'Ten digits; spaces and hyphens are allowed.' }) nhsNumber?: string
  @TelephoneNumber({ optional: true }) phone?: string
  @EmailAddress({ optional: true }) email?: string
  @Text(500, { optional: true }) address?: string
}

export class ReferralBody {
  @PolicyCode({ known: referralSources }) source!: string
  @OneOf(channels) channel!: Channel
  @PolicyCode({ known: serviceAreas }) serviceArea!: string
  @PastInstant() receivedAt!: string
  @OneOf(['YES', 'UNKNOWN'], { description: 'What the referrer says; kept as a claim unless the person refers themselves.' }) serviceWish!:
    'YES' | 'UNKNOWN'
  @Nested(() => ReferredPerson) person!: ReferredPerson
  @Text(2_000, { optional: true }) reason?: string
  @Flag({ optional: true, description: 'A person has compared the two referrals.' }) confirmedNotDuplicate?: boolean
  @Uuid({
    optional: true,
    description: 'The subjectRef of the record that this person has here from before, as somebody says who has compared the two.',
  })
  samePersonAs?: SubjectRef
}

export class ServiceWishBody {
  @OneOf(['WANTED', 'DECLINED']) outcome!: 'WANTED' | 'DECLINED'
  @WhoseNo() declinedBy?: Decliner
  @OneOf(channels) channel!: Channel
  @PastInstant({ optional: true, description: 'When it was said; now unless told.' }) saidAt?: string
  @Text(2_000, { optional: true }) note?: string
}

/** K1: whose no it was is said in so many words, and only of a no. */
function WhoseNo(): PropertyDecorator {
  const isNo = (body: object) => (body as ServiceWishBody).outcome === 'DECLINED'
  const rule = (isOfNo: boolean) =>
    isOfNo ? `must be one of ${decliners.join(', ')}: whose no it is, is never assumed` : 'must only be given with outcome DECLINED'
  return field(
    { description: 'Required with outcome DECLINED: whose no it is. Only one of the person’s own erases.' },
    { required: false, enum: [...decliners] },
    ValidateIf((body: object, value: unknown) => isNo(body) || value !== undefined),
    ValidateBy({
      name: 'whoseNo',
      validator: {
        validate: (value, about) => isNo(about?.object ?? {}) && decliners.includes(value as Decliner),
        defaultMessage: about => rule(isNo(about?.object ?? {})),
      },
    }),
  )
}

export class WishCheckBody {
  @Uuid({ optional: true, description: 'The staffRef of whoever is to ask the person; whoever commands unless told.' }) owner?: StaffRef
  @PastInstant({ optional: true, description: 'Since when; now unless told. The 28 days count from then.' }) requestedAt?: string
}
export class UnresolvedWishBody {
  @OneOf(unresolvedDecisions, { description: 'ASK_AGAIN: for 28 days more. ERASE: as a no of the person’s own would have done.' })
  decision!: UnresolvedDecision
  @Text(2_000, { optional: true }) note?: string
}
export const unresolvedIn = ({ note, ...body }: UnresolvedWishBody) => ({ ...body, note: Personal.given(note) })

export class AcceptanceBody {
  @PastInstant({ optional: true, description: 'When the referral was accepted; now unless told.' }) acceptedAt?: string
}

export class EligibilityBody {
  @OneOf(evidenceTypes, { description: 'How STARS said so.' }) evidenceType!: EvidenceType
  @PastInstant() checkedAt!: string
  @OneOf(['CONFIRMED', 'REFUSED']) outcome!: 'CONFIRMED' | 'REFUSED'
}

/** A referral, without the ids that it gets: what it says of the person is sealed. */
export const referralIn = ({ person, reason, confirmedNotDuplicate = false, ...body }: ReferralBody) => ({
  ...body,
  confirmedNotDuplicate,
  reason: Personal.given(reason),
  person: personIn(person),
})
/** The person of a referral, to be sealed: an NHS number is kept as ten digits. */
const personIn = ({ name, dateOfBirth, nhsNumber, phone, email, address }: ReferralBody['person']): ReceiveReferral['person'] => ({
  name: Personal.of(name),
  dateOfBirth: Personal.given(dateOfBirth),
  nhsNumber: Personal.given(nhsNumber === undefined ? undefined : normalisedNhsNumber(nhsNumber)),
  phone: Personal.given(phone),
  email: Personal.given(email),
  address: Personal.given(address),
})

/** The words are sealed. That a no says whose it is was checked with the body. */
export function wishIn({ outcome, declinedBy, note, ...body }: ServiceWishBody) {
  const said = { ...body, note: Personal.given(note) }
  return outcome === 'WANTED' ? { ...said, outcome } : { ...said, outcome, declinedBy: declinedBy as Decliner }
}
