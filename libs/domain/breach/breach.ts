import type { Aggregate, Evolve } from '#decider/decider'
import type { BreachEvent } from './events.js'

export type Breach = { readonly reported: boolean; readonly regulatorDue?: { readonly target: string; readonly limit: string } }

const evolve: Evolve<Breach, BreachEvent> = {
  BreachReported: breach => ({ ...breach, reported: true }),
  AwarenessEstablished: (breach, { target, limit }) => ({ ...breach, regulatorDue: { target, limit } }),
  BreachKeyCreated: breach => breach,
}
const nothingReported: Breach = { reported: false }

export const breach: Aggregate<Breach, BreachEvent> = { category: 'breach', initial: nothingReported, evolve, standing: 'NOBODY' }
