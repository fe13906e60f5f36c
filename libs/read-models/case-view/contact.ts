import { type Evolve, andThen, onlyWhere, within } from '#decider/decider'
import { type Contact, evolveContact, isLastSaid, noContact } from '#domain/person/contact/contact'
import type { ContactEvent } from '#domain/person/contact/events'
import { fieldsOfPreferences, needsOf } from '#domain/person/details/record'
import { scopeOfCategory } from '#event-kit/scope'
import { type Case, withFacts } from './facts.js'
import { hold, withoutFields } from './fields.js'
import { onWishCheck } from './wish-check.js'

/** How the person may be reached: the domain's own step. */
const onContact = within<Case, Contact, ContactEvent>(evolveContact, {
  take: ({ facts }) => facts.contact ?? noContact,
  put: (was, contact) => withFacts(was, { contact }),
})

const ofLastSaid = onlyWhere((was: Case, data: { readonly saidAt: string }) => isLastSaid(was.facts.contact ?? noContact, data))

export const contact: Evolve<Case, ContactEvent> = {
  ...onContact,
  ContactMade: andThen(onContact.ContactMade, onWishCheck.ContactMade),
  ContactFailed: andThen(onContact.ContactFailed, onWishCheck.ContactFailed),
  ContactPreferencesSet: andThen(
    onContact.ContactPreferencesSet,
    ofLastSaid((was, data, meta) => hold(withoutFields(was, fieldsOfPreferences), needsOf(data), scopeOfCategory.CON, 'PERSON', meta)),
  ),
}
