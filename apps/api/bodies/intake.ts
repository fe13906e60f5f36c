import { channels, type Channel } from '#domain/person/channels'
import { referralSources, serviceAreas } from '#domain/person/intake/events'
import { normalisedNhsNumber } from '#domain/person/intake/nhs-number'
import type { ReceiveReferral } from '#domain/person/intake/receive-referral'
import { Personal } from '#kernel/personal'
import { Checked, Flag, Nested, OneOf, PastInstant, PolicyCode, Text } from '#nest/fields'
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
}

export class ServiceWishBody {
  @OneOf(['WANTED', 'DECLINED']) outcome!: 'WANTED' | 'DECLINED'
  @OneOf(['PERSON', 'REFERRER', 'OTHER'], { optional: true, description: 'Only a no of the person’s own erases. PERSON unless told.' })
  declinedBy?: 'PERSON' | 'REFERRER' | 'OTHER'
  @OneOf(channels) channel!: Channel
  @Text(2_000, { optional: true }) note?: string
}

export class EligibilityBody {
  @Checked(
    'evidenceType',
    'must be a code in capitals, such as STARS_LETTER, without a number',
    value => typeof value === 'string' && /^[A-Z][A-Z_-]{1,39}$/.test(value),
    { type: 'string' },
    { description: 'What the evidence is, as a code.' },
  )
  evidenceType!: string
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

/** The words are sealed; a no is the person's own unless told. */
export const wishIn = ({ declinedBy = 'PERSON', note, ...body }: ServiceWishBody) => ({ ...body, declinedBy, note: Personal.given(note) })
