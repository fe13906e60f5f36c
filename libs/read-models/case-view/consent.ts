import { type Evolve, within } from '#decider/decider'
import { Consents, evolveConsents } from '#domain/person/consent/consents'
import type { ConsentEvent } from '#domain/person/consent/events'
import { type Case, withFacts } from './facts.js'

const entriesOf = <T>(record: Readonly<Record<string, T>>): ReadonlyMap<string, T> => new Map(Object.entries(record))

/** The domain's own fold: what the view shows as given is what a sharing can rest on. */
export const consent: Evolve<Case, ConsentEvent> = within(evolveConsents, {
  take: ({ facts: { consents, withdrawals } }: Case) => new Consents(entriesOf(consents), entriesOf(withdrawals)),
  put: (was: Case, { rows, withdrawals }: Consents) =>
    withFacts(was, { consents: Object.fromEntries(rows), withdrawals: Object.fromEntries(withdrawals) }),
})
