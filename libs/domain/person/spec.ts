import type { Happened } from '#decider/decider'
import { specFor } from '#decider/spec'
import { type PersonEvent, person } from './person.js'

const { given } = specFor(person)
/** What the specs of the folds have in common: they look at what each event makes of a person. Decisions have specs of their own. */
export type Past = readonly (PersonEvent | Happened<PersonEvent>)[]
export const stateOf = (...past: Past) => given(...past).state
/** The id that the harness gives to the n-th event of a past. */
export const eventId = (n: number) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`
