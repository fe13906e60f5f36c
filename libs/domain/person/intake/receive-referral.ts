import { command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { person } from '../person.js'
import { ReferralReceived, type ReferralSource, type ServiceArea, referralSources, serviceAreas } from './events.js'
import { intakeBasis } from './intake.js'

type Said = Omit<DataOfEvent<typeof ReferralReceived>, 'source' | 'serviceArea' | 'wish' | 'wishClaimed'>
/** As it arrived: the lists that a clause closes are judged here, so that the clause's own code answers. */
export type ReceiveReferral = Said & { readonly source: string; readonly serviceArea: string; readonly serviceWish: 'YES' | 'UNKNOWN' }
/** What the door found out about the personal values, as codes. */
export type ReferralFacts = { readonly nhsNumber: 'VALID' | 'INVALID' | 'NOT_GIVEN'; readonly openDuplicates: number }

const isSource = (source: string): source is ReferralSource => referralSources.includes(source as ReferralSource)
const isArea = (area: string): area is ServiceArea => serviceAreas.includes(area as ServiceArea)

/**
 * C10: a referral comes from the person, DWP/JCP or STARS; one open referral a person, unless somebody has compared the two.
 * C12: what a referrer says of the person's wish is recorded as a claim; the wish stays UNKNOWN until the person says it.
 */
export const receiveReferral = command({
  name: 'ReceiveReferral',
  clauses: ['C10'],
  says: 'Receive a referral',
  aggregate: person,
  streamId: ({ subjectRef }: ReceiveReferral) => subjectRef,
  capability: 'RECEIVE_REFERRAL',
  purpose: 'REFERRAL_INTAKE',
  basis: intakeBasis,
  categories: () => ['ID', 'CON'],
  exemptFrom: [],
  refusals: ['SOURCE_NOT_PERMITTED', 'SERVICE_OUT_OF_SCOPE', 'NHS_NUMBER_INVALID', 'DUPLICATE_REFERRAL'],
  decide:
    ({ source, serviceArea, serviceWish, ...said }: ReceiveReferral, facts: ReferralFacts) =>
    ({ intake }) => {
      if (intake.referral) return accept([])
      if (!isSource(source)) return refused('SOURCE_NOT_PERMITTED')
      if (!isArea(serviceArea)) return refused('SERVICE_OUT_OF_SCOPE')
      if (facts.nhsNumber === 'INVALID') return refused('NHS_NUMBER_INVALID')
      if (facts.openDuplicates > 0 && !said.confirmedNotDuplicate) return refused('DUPLICATE_REFERRAL')
      return accept([
        ReferralReceived.of({ ...said, source, serviceArea, wish: source === 'SELF' ? serviceWish : 'UNKNOWN', wishClaimed: serviceWish }),
      ])
    },
})
