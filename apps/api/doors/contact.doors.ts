import { fold } from '#decider/decider'
import { permittedBy } from '#domain/person/contact/contact'
import { setContactPreferences } from '#domain/person/contact/set-contact-preferences'
import { person } from '#domain/person/person'
import { doorOf } from '#nest/door-of'
import { PreferencesAnswer } from '../answers.js'
import { PreferencesBody, preferencesIn } from '../bodies/contact.js'

const tag = 'contact'

export const setContactPreferencesDoor = doorOf(tag, setContactPreferences, {
  path: 'subjects/:subjectRef/contact-preferences',
  body: PreferencesBody,
  input: (body, ids) => ({ ...preferencesIn(body), ...ids }),
  answers: PreferencesAnswer,
  answer: ({ subjectRef }, events, found) => ({ subjectRef, permitted: permittedBy(fold(person.evolve, found, events).contact) }),
})
