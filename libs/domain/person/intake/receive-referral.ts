import { type At, command } from '#decider/command'
import type { DataOfEvent } from '#event-kit/event'
import type { SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import { refused } from '#kernel/refusals'
import { type Likeness, PossibleDuplicateFound, RecordsLinked, RecordsToldApart } from '../links/events.js'
import { type OtherSeen, linkRefusals, whyNotLinked } from '../links/link-records.js'
import { person } from '../person.js'
import { ReferralReceived, type ReferralSource, type ServiceArea, referralSources, serviceAreas } from './events.js'
import { intakeBasis } from './intake.js'

/**
 * A record of somebody who may be the person referred, by what the referral says of them. OVER: they have stopped using the service.
 * ON_ITS_WAY: another referral, which is not in the log yet.
 */
export type Alike = { readonly subjectRef: SubjectRef; readonly likeness: Likeness; readonly state: 'OPEN' | 'OVER' | 'ON_ITS_WAY' }
type Said = Omit<DataOfEvent<typeof ReferralReceived>, 'source' | 'serviceArea' | 'wish' | 'wishClaimed'>
/** As it arrived: the lists that a clause closes are judged here, so that the clause's own code answers. */
export type ReceiveReferral = Said & {
  readonly source: string
  readonly serviceArea: string
  readonly serviceWish: 'YES' | 'UNKNOWN'
  /** The record that this person has here already: whoever receives it has compared the two. */
  readonly samePersonAs?: SubjectRef | undefined
}
/** What the door found out about the personal values, as codes. */
export type ReferralFacts = At & {
  readonly nhsNumber: 'VALID' | 'INVALID' | 'NOT_GIVEN'
  readonly alike: readonly Alike[]
  /** How the record that it is said to be of is seen; undefined where none was named. */
  readonly otherSeen: OtherSeen | undefined
}

const isSource = (source: string): source is ReferralSource => referralSources.includes(source as ReferralSource)
const isArea = (area: string): area is ServiceArea => serviceAreas.includes(area as ServiceArea)

/**
 * C10: a referral comes from the person, DWP/JCP or STARS; one open referral a person, unless somebody has compared the two. Whoever was
 * here before has two records that are one person's: somebody says so now, or is asked to.
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
  refusals: ['SOURCE_NOT_PERMITTED', 'SERVICE_OUT_OF_SCOPE', 'NHS_NUMBER_INVALID', 'DUPLICATE_REFERRAL', ...linkRefusals],
  decide:
    ({ source, serviceArea, serviceWish, samePersonAs, ...said }: ReceiveReferral, { now, nhsNumber, alike, otherSeen }: ReferralFacts) =>
    ({ intake }) => {
      if (intake.referral) return accept([])
      if (!isSource(source)) return refused('SOURCE_NOT_PERMITTED')
      if (!isArea(serviceArea)) return refused('SERVICE_OUT_OF_SCOPE')
      if (nhsNumber === 'INVALID') return refused('NHS_NUMBER_INVALID')
      if (alike.some(({ state }) => state !== 'OVER') && !said.confirmedNotDuplicate) return refused('DUPLICATE_REFERRAL')
      const not = otherSeen && whyNotLinked(otherSeen)
      if (not) return not
      const { subjectRef } = said
      return accept([
        ReferralReceived.of({ ...said, source, serviceArea, wish: source === 'SELF' ? serviceWish : 'UNKNOWN', wishClaimed: serviceWish }),
        ...(samePersonAs ? [RecordsLinked.of({ subjectRef, other: samePersonAs, decidedAt: now })] : []),
        ...alike
          .filter(({ subjectRef: other, state }) => other !== samePersonAs && state !== 'ON_ITS_WAY')
          .map(({ subjectRef: other, likeness, state }) =>
            state === 'OPEN'
              ? RecordsToldApart.of({ subjectRef, other, decidedAt: now })
              : PossibleDuplicateFound.of({ subjectRef, other, likeness, foundAt: now }),
          ),
      ])
    },
})
