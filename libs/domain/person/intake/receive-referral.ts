import type { Decision } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { type Refusal, refused } from '#kernel/refusals'
import type { Person } from '../person.js'
import { type IntakeEvent, ReferralReceived, type ReferralSource, type ServiceArea, referralSources, serviceAreas } from './events.js'

type Told = Omit<DataOfEvent<typeof ReferralReceived>, 'source' | 'serviceArea' | 'wish' | 'wishClaimed'>
/** As it arrived: the lists that a clause closes are judged here, so that the clause's own code answers. */
export type ReceiveReferral = Told & { readonly source: string; readonly serviceArea: string; readonly serviceWish: 'YES' | 'UNKNOWN' }
/** What the door found out about the personal values, as codes. */
export type ReferralFacts = { readonly nhsNumber: 'VALID' | 'INVALID' | 'NOT_GIVEN'; readonly openDuplicates: number }

export const receiveReferralRefusals = ['SOURCE_NOT_PERMITTED', 'SERVICE_OUT_OF_SCOPE', 'NHS_NUMBER_INVALID', 'DUPLICATE_REFERRAL'] as const
type Why = (typeof receiveReferralRefusals)[number]

const isSource = (source: string): source is ReferralSource => referralSources.includes(source as ReferralSource)
const isArea = (area: string): area is ServiceArea => serviceAreas.includes(area as ServiceArea)

/**
 * C10: a referral comes from the person, DWP/JCP or STARS; one open referral a person, unless somebody has compared the two.
 * C12: what a referrer says of the person's wish is recorded as a claim; the wish stays UNKNOWN until the person says it.
 */
export const receiveReferral =
  ({ source, serviceArea, serviceWish, ...told }: ReceiveReferral, facts: ReferralFacts): Decision<Person, IntakeEvent, Refusal<Why>> =>
  ({ intake }) => {
    if (intake.referral) return accept([])
    if (!isSource(source)) return refused('SOURCE_NOT_PERMITTED')
    if (!isArea(serviceArea)) return refused('SERVICE_OUT_OF_SCOPE')
    if (facts.nhsNumber === 'INVALID') return refused('NHS_NUMBER_INVALID')
    if (facts.openDuplicates > 0 && !told.confirmedNotDuplicate) return refused('DUPLICATE_REFERRAL')
    return accept([
      ReferralReceived.of({ ...told, source, serviceArea, wish: source === 'SELF' ? serviceWish : 'UNKNOWN', wishClaimed: serviceWish }),
    ])
  }
