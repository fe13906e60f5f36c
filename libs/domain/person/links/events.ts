import { type EventOf, defineEvent } from '#event-kit/event'
import { code, id, instant, subject } from '#event-kit/field'

/** By what two records may be of one person. */
export const likenesses = ['NHS_NUMBER', 'NAME_AND_DATE_OF_BIRTH'] as const
export type Likeness = (typeof likenesses)[number]

const ofTwo = { subjectRef: subject('SubjectRef'), other: id('SubjectRef') }
/** C10: what a referral says of its person, an older record says of somebody. Whether they are one, a person has to say. */
export const PossibleDuplicateFound = defineEvent('PossibleDuplicateFound', { ...ofTwo, likeness: code(...likenesses), foundAt: instant() })
/**
 * Somebody has compared the two: one person, or two. It stands on the streams of both; what was decided last counts, on whichever of them
 * it was said.
 */
export const RecordsLinked = defineEvent('RecordsLinked', { ...ofTwo, decidedAt: instant() })
export const RecordsToldApart = defineEvent('RecordsToldApart', { ...ofTwo, decidedAt: instant() })

export const linkEvents = [PossibleDuplicateFound, RecordsLinked, RecordsToldApart] as const
export type LinkEvent = EventOf<(typeof linkEvents)[number]>
