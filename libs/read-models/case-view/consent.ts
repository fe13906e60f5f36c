import type { Evolve, Meta } from '#decider/decider'
import { Consents, evolveConsents } from '#domain/person/consent/consents'
import type { ConsentEvent } from '#domain/person/consent/events'
import { type Case, withFacts } from './facts.js'

/** The domain's own fold: what the view shows as given is what a sharing can rest on. */
const asDecided =
  <D>(fold: (was: Consents, data: D, meta: Meta) => Consents) =>
  (was: Case, data: D, meta: Meta): Case => {
    const { consents, withdrawals } = was.facts
    const { rows, withdrawals: received } = fold(new Consents(entriesOf(consents), entriesOf(withdrawals)), data, meta)
    return withFacts(was, { consents: Object.fromEntries(rows), withdrawals: Object.fromEntries(received) })
  }
const entriesOf = <T>(record: Readonly<Record<string, T>>): ReadonlyMap<string, T> => new Map(Object.entries(record))

export const consent: Evolve<Case, ConsentEvent> = {
  ConsentGranted: asDecided(evolveConsents.ConsentGranted),
  ConsentRefused: asDecided(evolveConsents.ConsentRefused),
  WithdrawalReceived: asDecided(evolveConsents.WithdrawalReceived),
  ConsentWithdrawn: asDecided(evolveConsents.ConsentWithdrawn),
}
