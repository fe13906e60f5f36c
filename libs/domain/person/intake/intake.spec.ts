import { specFor } from '#decider/spec'
import { examples } from '../examples.js'
import { person } from '../person.js'
import { hasNhsCheckDigit, isNhsNumber } from './nhs-number.js'
import { type Alike, type ReceiveReferral, type ReferralFacts, receiveReferral } from './receive-referral.js'

const { given } = specFor(person)
const { ReferralReceived: received } = examples
const { wish: _, wishClaimed: __, ...told } = received.data
const referral: ReceiveReferral = { ...told, serviceWish: 'YES' }
const now = examples.PossibleDuplicateFound.data.foundAt
const clean: ReferralFacts = { now, nhsNumber: 'VALID', alike: [], otherSeen: undefined }
const { other } = examples.RecordsLinked.data
const alike = (state: Alike['state']): ReferralFacts => ({ ...clean, alike: [{ subjectRef: other, likeness: 'NHS_NUMBER', state }] })

test('[C12] a referrer’s word for the person’s wish is recorded as a claim, and the wish stays unknown', () =>
  given().when(receiveReferral.decide(referral, clean)).then(received))
test('[C12] a person who refers themselves says their own wish', () =>
  given()
    .when(receiveReferral.decide({ ...referral, source: 'SELF' }, clean))
    .then({ ...received, data: { ...received.data, source: 'SELF', wish: 'YES' } }))
test('[C10] another source is not permitted', () =>
  given()
    .when(receiveReferral.decide({ ...referral, source: 'GP' }, clean))
    .thenRefused({ code: 'SOURCE_NOT_PERMITTED' }))
test('[C01] another area is out of scope', () =>
  given()
    .when(receiveReferral.decide({ ...referral, serviceArea: 'DURHAM' }, clean))
    .thenRefused({ code: 'SERVICE_OUT_OF_SCOPE' }))
test('[C07] an NHS number that does not check is refused', () =>
  given()
    .when(receiveReferral.decide(referral, { ...clean, nhsNumber: 'INVALID' }))
    .thenRefused({ code: 'NHS_NUMBER_INVALID' }))
test.each(['OPEN', 'ON_ITS_WAY'] as const)('[C10] somebody whose other referral is %s is a duplicate', state =>
  given()
    .when(receiveReferral.decide(referral, alike(state)))
    .thenRefused({ code: 'DUPLICATE_REFERRAL' }),
)
test('[C10] unless a person has compared the two: then they are told apart', () =>
  given()
    .when(receiveReferral.decide({ ...referral, confirmedNotDuplicate: true }, alike('OPEN')))
    .then({ ...received, data: { ...received.data, confirmedNotDuplicate: true } }, examples.RecordsToldApart))
test('[C10] of one that is on its way nothing is said yet', () =>
  given()
    .when(receiveReferral.decide({ ...referral, confirmedNotDuplicate: true }, alike('ON_ITS_WAY')))
    .then({ ...received, data: { ...received.data, confirmedNotDuplicate: true } }))
test('[C10] whoever may have been here before is to be compared', () =>
  given()
    .when(receiveReferral.decide(referral, alike('OVER')))
    .then(received, examples.PossibleDuplicateFound))
test('[C10] whoever was here before is linked with their older record, where somebody has compared the two', () =>
  given()
    .when(receiveReferral.decide({ ...referral, samePersonAs: other }, { ...alike('OVER'), otherSeen: 'OPEN' }))
    .then(received, examples.RecordsLinked))
test.each([
  ['NONE', 'OTHER_RECORD_NOT_FOUND'],
  ['CLOSED', 'NO_NEED_TO_KNOW'],
  ['CONFLICTED', 'CONFLICT_OF_INTEREST'],
] as const)('[C10] with one that is %s to whoever receives it, it is not', (otherSeen, code) =>
  given()
    .when(receiveReferral.decide({ ...referral, samePersonAs: other }, { ...clean, otherSeen }))
    .thenRefused({ code }),
)
test('a referral that was received is received once', () => given(received).when(receiveReferral.decide(referral, clean)).thenNothing())

test.each(['401-023-2137', '4505577104', '6541003238', '7000000007', '7999999997', '3000000003', '3201801232', '9990000018', '9990000050'])(
  '%s is an NHS number',
  number => {
    expect(isNhsNumber(number)).toBe(true)
  },
)
test.each(['0101801238', '3112991230', '2902001231'])('%s is one of Scotland’s, which begins with a date of birth', number => {
  expect(isNhsNumber(number)).toBe(true)
})
test.each(Array.from({ length: 10 }, (_, digit) => String(digit).repeat(10)))('%s checks, and nobody has it', number => {
  expect(isNhsNumber(number)).toBe(false)
})
test.each(['5000000005', '8123456786', '9000000009', '943 476 5919', '9980000007', '0199801231'])(
  '%s checks, and is of no range from which numbers are given out',
  number => {
    expect([hasNhsCheckDigit(number), isNhsNumber(number)]).toEqual([true, false])
  },
)
test.each(['9434765918', '9876543210', '9991234560', '1234567890', '4123456879', '943476591', 'ABCDEFGHIJ', ''])('%s is none', number => {
  expect(isNhsNumber(number)).toBe(false)
})
