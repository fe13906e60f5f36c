import type { Evolve } from '#decider/decider'
import { isEarlier } from '#kernel/instants'
import type { SubjectRef } from '#kernel/id'
import type { LinkEvent, Likeness } from './events.js'

/** What somebody said of this record and another one, when they had compared them. */
export type Compared = { readonly are: 'ONE' | 'TWO'; readonly at: string }
export type Links = {
  readonly compared: Readonly<Record<SubjectRef, Compared>>
  /** Records that may be of the same person, of which nobody has said yet. */
  readonly possible: Readonly<Record<SubjectRef, { readonly likeness: Likeness; readonly foundAt: string }>>
}
export const noLinks: Links = { compared: {}, possible: {} }

/** What was decided last counts; of two of one moment, that they are two: nothing of anybody is shown for a mistake. */
export const isLater = (was: Compared | undefined, one: Compared): boolean =>
  was === undefined || isEarlier(was.at, one.at) || (was.at === one.at && was.are === 'ONE' && one.are === 'TWO')

function compared(was: Links, other: SubjectRef, one: Compared): Links {
  const { [other]: _, ...possible } = was.possible
  return { possible, compared: isLater(was.compared[other], one) ? { ...was.compared, [other]: one } : was.compared }
}

export const evolveLinks: Evolve<Links, LinkEvent> = {
  PossibleDuplicateFound: (was, { other, likeness, foundAt }) =>
    was.compared[other] ? was : { ...was, possible: { ...was.possible, [other]: { likeness, foundAt } } },
  RecordsLinked: (was, { other, decidedAt: at }) => compared(was, other, { are: 'ONE', at }),
  RecordsToldApart: (was, { other, decidedAt: at }) => compared(was, other, { are: 'TWO', at }),
}

/** The records with which this one is linked, as far as it knows itself. */
export const linkedTo = ({ compared }: Links): readonly SubjectRef[] =>
  (Object.keys(compared) as SubjectRef[]).filter(other => compared[other]?.are === 'ONE')
/** Every record that somebody compared with this one, whatever they said. */
export const comparedWith = ({ compared }: Links) => Object.keys(compared) as SubjectRef[]
export const possiblySame = ({ possible }: Links) => Object.keys(possible) as SubjectRef[]
