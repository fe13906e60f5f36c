import { type Aggregate, type Evolve, type Standing, andThen, onlyWhere, slice } from '#decider/decider'
import { type EventOfConcern, concernsOf } from '#event-kit/concern'
import { type KeyEvent, keyEvents } from '#event-kit/key-events'
import { type Access, evolveAccess, noAccess } from './access/access.js'
import { type AccessEvent, accessEvents } from './access/events.js'
import { type Consents, evolveConsents, noConsents } from './consent/consents.js'
import { type ConsentEvent, consentEvents } from './consent/events.js'
import { type Contact, evolveContact, isLastSaid, noContact } from './contact/contact.js'
import { type ContactEvent, contactEvents } from './contact/events.js'
import { type Equality, type EqualityEvent, evolveEquality, isLastSaidOfEquality, noEquality } from './details/equality.js'
import { detailsEvents } from './details/events.js'
import { type HeldFields, type RecordEvent, evolveRecord, nothingHeld } from './details/record.js'
import { type Disclosures, evolveDisclosures, noDisclosures } from './disclosure/disclosures.js'
import { type DisclosureEvent, disclosureEvents } from './disclosure/events.js'
import { type Emergencies, evolveEmergencies, noEmergencies } from './emergency/emergencies.js'
import { type EmergencyEvent, emergencyEvents } from './emergency/events.js'
import { type Erasures, evolveErasures, isToBeErased, noErasures } from './erasure/erasures.js'
import { type Episode, type EpisodeStep, evolveEpisode, isLatestJob } from './episode/episode.js'
import { episodeEvents } from './episode/events.js'
import { type ErasureEvent, erasureEvents } from './erasure/events.js'
import { type IntakeEvent, intakeEvents } from './intake/events.js'
import { type Intake, evolveIntake, noIntake } from './intake/intake.js'
import { type WishCheck, type WishCheckStep, evolveWishCheck } from './intake/wish-check.js'
import { type Keys, evolveKeys, isErased, noKeys } from './keys/keys.js'
import { type LinkEvent, linkEvents } from './links/events.js'
import { type Links, evolveLinks, noLinks } from './links/links.js'
import { type MisEvent, misEvents } from './mis/events.js'
import { type Storage, evolveStorage, noObjection } from './mis/storage.js'
import { type RetentionEvent, retentionEvents } from './retention/events.js'
import { type Retention, evolveRetention } from './retention/retention.js'
import { standingEvents } from './standing/events.js'
import { type FactEvent, type StandingFacts, evolveStanding, noFacts } from './standing/facts.js'

/** One person, one stream. Each concern folds its own slice and knows nothing of the others. */
export type Person = {
  readonly intake: Intake
  /** C12: that the person is being asked whether they want the service. */
  readonly wishCheck?: WishCheck | undefined
  readonly episode?: Episode | undefined
  readonly held: HeldFields
  readonly equality: Equality
  /** What stands about the person: orders, panels, risks, concerns. */
  readonly facts: StandingFacts
  readonly contact: Contact
  readonly consents: Consents
  readonly disclosures: Disclosures
  readonly emergencies: Emergencies
  readonly erasures: Erasures
  readonly keys: Keys
  readonly retention?: Retention | undefined
  readonly access: Access
  /** C41: objections to storage on the service’s systems. */
  readonly storage: Storage
  /** C10: which other records are of the same person, or may be. */
  readonly links: Links
}
/** Everything that can happen to a person, by concern. */
export const personConcerns = concernsOf('person', {
  intake: intakeEvents,
  episode: episodeEvents,
  details: detailsEvents,
  standing: standingEvents,
  contact: contactEvents,
  consent: consentEvents,
  disclosure: disclosureEvents,
  emergency: emergencyEvents,
  erasure: erasureEvents,
  keys: keyEvents,
  retention: retentionEvents,
  access: accessEvents,
  mis: misEvents,
  links: linkEvents,
})
export type PersonEvent = EventOfConcern<(typeof personConcerns)[keyof typeof personConcerns]>

const nobody: Person = {
  intake: noIntake,
  held: nothingHeld,
  equality: noEquality,
  facts: noFacts,
  contact: noContact,
  consents: noConsents,
  disclosures: noDisclosures,
  emergencies: noEmergencies,
  erasures: noErasures,
  keys: noKeys,
  access: noAccess,
  storage: noObjection,
  links: noLinks,
}

const ofIntake = slice<Person, 'intake', IntakeEvent>('intake', evolveIntake)
const ofWishCheck = slice<Person, 'wishCheck', WishCheckStep>('wishCheck', evolveWishCheck)
const ofEpisode = slice<Person, 'episode', EpisodeStep>('episode', evolveEpisode)
const ofRecord = slice<Person, 'held', RecordEvent>('held', evolveRecord)
const ofEquality = slice<Person, 'equality', EqualityEvent>('equality', evolveEquality)
const ofFacts = slice<Person, 'facts', FactEvent>('facts', evolveStanding)
const ofContact = slice<Person, 'contact', ContactEvent>('contact', evolveContact)
const ofKeys = slice<Person, 'keys', KeyEvent>('keys', evolveKeys)

/** The record holds the outcomes of one job. */
const ofLatestJob = onlyWhere((was: Person, data: { readonly jobId: string }) => isLatestJob(was.episode, data))
/** What somebody needs is held as they said it last. */
const ofLastSaid = onlyWhere((was: Person, data: { readonly saidAt: string }) => isLastSaid(was.contact, data))

const evolve: Evolve<Person, PersonEvent> = {
  ...ofIntake,
  ...ofEpisode,
  ...ofRecord,
  ...ofEquality,
  ...ofFacts,
  ...ofContact,
  ...slice<Person, 'consents', ConsentEvent>('consents', evolveConsents),
  ...slice<Person, 'disclosures', DisclosureEvent>('disclosures', evolveDisclosures),
  ...slice<Person, 'emergencies', EmergencyEvent>('emergencies', evolveEmergencies),
  ...slice<Person, 'erasures', ErasureEvent>('erasures', evolveErasures),
  ...ofKeys,
  ...slice<Person, 'retention', RetentionEvent>('retention', evolveRetention),
  ...slice<Person, 'access', AccessEvent>('access', evolveAccess),
  ...slice<Person, 'storage', MisEvent>('storage', evolveStorage),
  ...slice<Person, 'links', LinkEvent>('links', evolveLinks),
  ReferralReceived: andThen(ofIntake.ReferralReceived, ofRecord.ReferralReceived),
  ReferralAccepted: andThen(ofIntake.ReferralAccepted, ofEpisode.ReferralAccepted),
  ServiceWishCheckRequested: ofWishCheck.ServiceWishCheckRequested,
  ServiceWishConfirmed: andThen(ofIntake.ServiceWishConfirmed, ofWishCheck.ServiceWishConfirmed),
  ServiceDeclined: andThen(ofIntake.ServiceDeclined, ofWishCheck.ServiceDeclined),
  ServiceWishUnresolved: andThen(ofIntake.ServiceWishUnresolved, ofWishCheck.ServiceWishUnresolved),
  ContactMade: andThen(ofContact.ContactMade, ofWishCheck.ContactMade),
  ContactFailed: andThen(ofContact.ContactFailed, ofWishCheck.ContactFailed),
  JobStarted: andThen(ofEpisode.JobStarted, ofLatestJob(ofRecord.JobStarted)),
  JobEnded: andThen(ofEpisode.JobEnded, ofLatestJob(ofRecord.JobEnded)),
  JobSustained: andThen(ofEpisode.JobSustained, ofLatestJob(ofRecord.JobSustained)),
  ContactPreferencesSet: andThen(ofContact.ContactPreferencesSet, ofLastSaid(ofRecord.ContactPreferencesSet)),
  DemographicsRecorded: andThen(ofEquality.DemographicsRecorded, ofRecord.DemographicsRecorded),
  DemographicDeclined: andThen(ofEquality.DemographicDeclined, ofRecord.DemographicDeclined),
  EqualityOptOutReceived: (was, data, meta) =>
    isLastSaidOfEquality(was.equality, data.receivedAt)
      ? ofRecord.EqualityOptOutReceived(ofEquality.EqualityOptOutReceived(was, data, meta), data, meta)
      : was,
  RecordedInError: andThen(ofFacts.RecordedInError, ofRecord.RecordedInError),
  ErasureFenced: andThen(ofKeys.ErasureFenced, andThen(ofRecord.ErasureFenced, ofFacts.ErasureFenced)),
  KeyRetired: andThen(ofKeys.KeyRetired, ofRecord.KeyRetired),
}

/** A restriction has its events in a later release; until then nobody is restricted. */
export const standingOf = ({ keys, erasures }: Person): Standing => ({
  erased: isErased(keys) || isToBeErased(erasures),
  restricted: false,
})

export const person: Aggregate<Person, PersonEvent> = { category: 'person', initial: nobody, evolve, standing: standingOf }
