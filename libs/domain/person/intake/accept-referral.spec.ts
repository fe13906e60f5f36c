import { specFor } from '#decider/spec'
import { examples } from '../examples.js'
import { person } from '../person.js'
import { acceptReferral } from './accept-referral.js'

const { given } = specFor(person)
const {
  ReferralReceived: received,
  ServiceWishConfirmed: wanted,
  ServiceDeclined: declined,
  EligibilityConfirmed: confirmed,
  EligibilityRefused: turnedAway,
  ReferralAccepted: accepted,
  EpisodeOpened: opened,
} = examples
const { subjectRef, episodeId, acceptedAt } = accepted.data
const accepting = (told: { readonly acceptedAt?: string } = {}, now = acceptedAt) =>
  acceptReferral.decide({ subjectRef, episodeId, ...told }, { now })
const unconfirmed = { code: 'SERVICE_WISH_UNCONFIRMED' } as const
const notInService = { code: 'NOT_IN_STARS_SERVICE' } as const

test('[C01, C11, C12] somebody is accepted who wants the service and receives one of STARS, whichever was known first', () => {
  given(received, wanted, confirmed).when(accepting()).then(accepted, opened)
  given(received, confirmed, wanted).when(accepting()).then(accepted, opened)
})
test('once', () => given(received, wanted, confirmed, accepted).when(accepting()).thenNothing())
test('[C12] not while nobody has heard it from the person, nor against their no, whatever the referrer claimed', () => {
  given(received, confirmed).when(accepting()).thenRefused(unconfirmed)
  given(received, declined, confirmed).when(accepting()).thenRefused(unconfirmed)
})
test('[C11] not without evidence, against it, or once it is out of date', () => {
  given(received, wanted).when(accepting()).thenRefused(notInService)
  given(received, wanted, turnedAway).when(accepting()).thenRefused(notInService)
  given(received, wanted, confirmed).when(accepting({}, '2026-11-29T09:00:00.001Z')).thenRefused(notInService)
})
test('what was known when it was accepted counts', () => {
  given(received, wanted, confirmed).when(accepting({ acceptedAt }, '2026-12-24T09:00:00.000Z')).then(accepted, opened)
  const before = { acceptedAt: '2026-10-31T09:00:00.000Z' }
  given(received, wanted, confirmed).when(accepting(before)).thenRefused(unconfirmed)
  const earlier = { ...wanted, data: { ...wanted.data, saidAt: before.acceptedAt } }
  given(received, earlier, confirmed).when(accepting(before)).thenRefused(notInService)
})
test('nobody is accepted ahead of time', () =>
  given(received, wanted, confirmed)
    .when(accepting({ acceptedAt: '2026-11-01T09:04:00.000Z' }))
    .then(accepted, opened))
test('nobody who was never referred', () => given().when(accepting()).thenRefused({ code: 'NOT_FOUND' }))
