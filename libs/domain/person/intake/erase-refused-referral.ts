import type { Decision } from '#decider/decider'
import { accept } from '#kernel/result'
import { isErased } from '../keys/keys.js'
import type { Person, PersonEvent } from '../person.js'
import type { EligibilityFacts } from './verify-eligibility.js'
import { type EndOfReferral, erasedAtReferral, isPastReferral, waitsForSafety } from './point-of-referral.js'

/** C11, K1: STARS was asked last and said no, at the point of referral, and the referral is kept all the same. */
export const isKeptAlthoughRefused = (person: Person): boolean =>
  person.intake.referral?.stars?.outcome === 'REFUSED' && !isErased(person.keys) && !isPastReferral(person)

/**
 * What a refusal by STARS brings along in its own append today. An older release recorded the refusal and destroyed nothing: this is the
 * rest of it. Nothing where it was done, where STARS was asked again since, or while something that protects somebody goes first.
 */
export const eraseRefusedReferral =
  (end: EndOfReferral, { now, calendar }: Omit<EligibilityFacts, 'actor'>): Decision<Person, PersonEvent, never> =>
  person =>
    accept(isKeptAlthoughRefused(person) && !waitsForSafety(person, now, calendar) ? erasedAtReferral(person, end, 'C11-REFUSED', now) : [])
