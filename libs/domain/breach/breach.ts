import type { Aggregate, Evolve } from '#decider/decider'
import type { BreachEvent } from './events.js'

export type RegulatorDue = { readonly target: string; readonly limit: string }
export type Breach = {
  readonly reported: boolean
  readonly discoveredAt?: string
  readonly awareness?: { readonly awareAt: string; readonly due: RegulatorDue }
}

const evolve: Evolve<Breach, BreachEvent> = {
  BreachReported: (breach, { discoveredAt }) => ({ ...breach, reported: true, discoveredAt }),
  AwarenessEstablished: (breach, { awareAt, target, limit }) => ({ ...breach, awareness: { awareAt, due: { target, limit } } }),
  BreachKeyCreated: breach => breach,
}
const nothingReported: Breach = { reported: false }

export const breach: Aggregate<Breach, BreachEvent> = { category: 'breach', initial: nothingReported, evolve, standing: 'NOBODY' }
