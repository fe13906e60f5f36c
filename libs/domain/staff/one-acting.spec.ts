import fc from 'fast-check'
import { fold } from '#decider/decider'
import { somebody } from '#decider/spec'
import { staffRoles } from '#kernel/actor'
import type { StaffRef } from '#kernel/id'
import { type Appoint, appoint } from './appoint.js'
import { endAppointment } from './end-appointment.js'
import type { OrganisationEvent } from './events.js'
import { type Organisation, appointedTo, organisation, termsFrom } from './staff.js'

const people = [1, 2, 3, 4].map(n => `00000000-0000-4000-8000-00000000003${n}` as StaffRef)
const day = (n: number) => new Date(Date.UTC(2026, 10, 1 + n)).toISOString()
const days = 30
/** Something that is decided on a day, about days before, then and after. */
const step = fc.record({
  staffRef: fc.constantFrom(...people),
  ends: fc.boolean(),
  as: fc.constantFrom<Appoint['as'][]>('HOLDER', 'DEPUTY', undefined),
  from: fc.option(fc.integer({ min: -3, max: 8 }), { nil: undefined }),
  until: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

function decided(state: Organisation, { staffRef, ends, as, from, until }: Step, today: number): readonly OrganisationEvent[] {
  const facts = { actor: somebody, now: day(today), gives: staffRoles, registered: true }
  const told = from === undefined ? undefined : day(today + from)
  const result = ends
    ? endAppointment.decide({ staffRef, role: 'dpo', at: told }, facts)(state)
    : appoint.decide(
        { staffRef, role: 'dpo', as, from: told, until: until === undefined ? undefined : day(today + (from ?? 0) + until) },
        facts,
      )(state)
  return result.ok ? result.value : []
}
const meta = { eventId: people[0] as string, actor: somebody, occurredAt: day(0), recordedAt: day(0), position: 1n, revision: 0n }
const lived = (steps: readonly Step[]) =>
  steps.reduce(
    (state, one, n) =>
      fold(
        organisation.evolve,
        state,
        decided(state, one, n).map(event => ({ ...event, meta })),
      ),
    organisation.initial,
  )
const holdersOn = (state: Organisation, at: string) => termsFrom('dpo', state, at).filter(({ as, from }) => as === 'HOLDER' && from <= at)

test('[C48] INV-7: whatever is decided, a role has no two holders on any day, and whoever acts in it is one person', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), steps => {
      const state = lived(steps)
      for (let n = 0; n < days; n++) {
        const holders = holdersOn(state, day(n))
        expect(holders.length).toBeLessThanOrEqual(1)
        // The holder acts before any deputy; nobody acts only where nobody is appointed.
        const [acting] = appointedTo('dpo', state, day(n))
        if (holders[0]) expect(acting).toBe(holders[0].staffRef)
        expect(acting === undefined).toBe(termsFrom('dpo', state, day(n)).every(({ from }) => from > day(n)))
      }
    }),
    { numRuns: 300 },
  )
})
