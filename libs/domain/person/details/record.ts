import type { Evolve, Meta } from '#decider/decider'
import type { DataOfEvent } from '#event-kit/event'
import type { KeyEvent } from '#event-kit/key-events'
import { type Category, type Scope, categoryOf, scopeOfCategory } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import { Personal } from '#kernel/personal'
import { type IntakeEvent, ReferralReceived } from '../intake/events.js'
import type { EpisodeEvent } from '../episode/events.js'
import { type ContactEvent, ContactPreferencesSet } from '../contact/events.js'
import { isMonitored } from './equality.js'
import {
  DemographicsRecorded,
  type DetailsEvent,
  HealthDataRecorded,
  type OffenceCondition,
  OffenceDataRecorded,
  PersonalDetailsCorrected,
  PersonalDetailsRecorded,
  type Provenance,
} from './events.js'

/** A field that is held about a person: its newest value, sealed, and where it came from. */
export type HeldField = {
  readonly value: Personal<JsonValue>
  readonly scope: Scope
  readonly eventId: string
  readonly recordedAt: string
  readonly provenance: Provenance
  /** Somebody wrote it down as a detail: it can be corrected and withdrawn as one. What an episode or a referral says is told there. */
  readonly isDetail: boolean
  /** C09: of offence data, on which it was recorded; a correction does not change it. */
  readonly condition?: OffenceCondition | undefined
}
/** `<category>.<name>` → the newest value. A field whose scope was erased is not held any more. */
export type HeldFields = ReadonlyMap<string, HeldField>
/** What is about equality monitoring is folded beside. */
type ValueEvent = Exclude<DetailsEvent, { type: 'EqualityOptOutEnded' }>
export type RecordEvent =
  | ValueEvent
  | Extract<EpisodeEvent, { type: keyof typeof jobFields }>
  | Extract<ContactEvent, { type: 'ContactPreferencesSet' }>
  | Extract<IntakeEvent, { type: 'ReferralReceived' }>
  | Extract<KeyEvent, { type: 'ErasureFenced' | 'KeyRetired' }>

export const nothingHeld: HeldFields = new Map()

/** Until acceptance, what the referral said counts as identity and contact data; it is sealed under REF. */
export const referralFields = {
  name: 'ID.name',
  dateOfBirth: 'ID.dateOfBirth',
  nhsNumber: 'ID.nhsNumber',
  phone: 'CON.phone',
  email: 'CON.email',
  address: 'CON.address',
} as const satisfies { readonly [K in keyof DataOfEvent<typeof ReferralReceived>['person']]-?: `${Category}.${string}` }

/** Of a job what is held as an outcome, and may be shared with consent. */
const jobFields = {
  JobStarted: { employer: 'OUT.employer', jobTitle: 'OUT.jobTitle', jobStart: 'OUT.jobStart' },
  JobEnded: { jobEnd: 'OUT.jobEnd' },
  JobSustained: { sustained: 'OUT.sustained' },
} as const
/** What is held is of the newest job: the end of another says nothing of it. */
export const fieldsOfJob: readonly string[] = Object.values(jobFields).flatMap(of => Object.values(of))

/** Of how somebody wants to be reached what is held, and goes to nobody: a recipient's row names none of it. */
const preferenceFields = { safeTimes: 'CON.safeTimes', needs: 'CON.needs', language: 'CON.language', otherNeeds: 'CON.otherNeeds' } as const
/** What was said last takes the place of all of it. */
export const fieldsOfPreferences: readonly string[] = Object.values(preferenceFields)
/** What somebody said that they need, by field: only what they said. */
export const needsOf = (data: object) => saidIn(preferenceFields, data)

/** What an event of a job says of it, by field: only what it says. */
export const outcomesOf = (type: keyof typeof jobFields, data: object) => saidIn(jobFields[type], data)

function saidIn(fields: Readonly<Record<string, string>>, data: object): Readonly<Record<string, Personal<JsonValue>>> {
  const said = data as Readonly<Record<string, Personal<JsonValue> | undefined>>
  return Object.fromEntries(
    Object.entries(fields).flatMap(([path, field]) => (said[path] === undefined ? [] : [[field, said[path]] as const])),
  )
}

/** What writes down values by category. */
const detailDefinitions = [
  PersonalDetailsRecorded,
  PersonalDetailsCorrected,
  HealthDataRecorded,
  DemographicsRecorded,
  OffenceDataRecorded,
] as const

/** Whether `<Type>|<path>` is a value that somebody wrote down as a detail. */
export const isDetail = (place: string): boolean => detailDefinitions.some(({ type }) => place.startsWith(`${type}|values.`))

/** Where the sealed value of a field may come from: `<Type>|<path>`. */
export function declaredFor(field: string): readonly string[] {
  const name = field.slice(field.indexOf('.') + 1)
  const fromReferral = Object.entries(referralFields).flatMap(([path, of]) =>
    of === field ? [`${ReferralReceived.type}|person.${path}`] : [],
  )
  const fromJob = Object.entries(jobFields).flatMap(([type, fields]) =>
    Object.entries(fields).flatMap(([path, of]) => (of === field ? [`${type}|${path}`] : [])),
  )
  const fromPreferences = Object.entries(preferenceFields).flatMap(([path, of]) =>
    of === field ? [`${ContactPreferencesSet.type}|${path}`] : [],
  )
  const recorded = detailDefinitions.map(({ type }) => `${type}|values.${name}`)
  return [...recorded, ...fromReferral, ...fromJob, ...fromPreferences]
}

const provenanceOfSource = { SELF: 'PERSON', 'DWP-JCP': 'DWP-JCP', STARS: 'STARS' } as const

function hold(
  held: HeldFields,
  { category, provenance, values, condition }: DataOfEvent<typeof PersonalDetailsRecorded> & Pick<HeldField, 'condition'>,
  { eventId, recordedAt }: Meta,
): HeldFields {
  const of = { scope: scopeOfCategory[category], eventId, recordedAt, provenance, isDetail: true }
  const now = new Map(held)
  for (const [name, value] of Object.entries(values)) {
    const field = `${category}.${name}`
    now.set(field, { ...of, value, condition: condition ?? held.get(field)?.condition })
  }
  return now
}

const without = (held: HeldFields, fields: readonly string[]) => [...held].filter(([field]) => !fields.includes(field))

/** A newer job begins with nothing of the one before. */
const holdJob =
  (type: keyof typeof jobFields) =>
  (held: HeldFields, data: object, { eventId, recordedAt }: Meta): HeldFields =>
    new Map<string, HeldField>([
      ...without(held, type === 'JobStarted' ? fieldsOfJob : []),
      ...Object.entries(outcomesOf(type, data)).map(
        ([field, value]) =>
          [field, { value, scope: scopeOfCategory.OUT, eventId, recordedAt, provenance: 'WORKER', isDetail: false }] as const,
      ),
    ])
/** All that was said before is superseded, also what is not said again. */
const holdNeeds = (held: HeldFields, data: object, { eventId, recordedAt }: Meta): HeldFields =>
  new Map<string, HeldField>([
    ...without(held, fieldsOfPreferences),
    ...Object.entries(needsOf(data)).map(
      ([field, value]) =>
        [field, { value, scope: scopeOfCategory.CON, eventId, recordedAt, provenance: 'PERSON', isDetail: false }] as const,
    ),
  ])

export const evolveRecord: Evolve<HeldFields, RecordEvent> = {
  ReferralReceived: (held, { person, source }, { eventId, recordedAt }) => {
    const from = { scope: 'REF', eventId, recordedAt, provenance: provenanceOfSource[source], isDetail: false } as const
    const given = Object.entries(person) as [keyof typeof referralFields, Personal<JsonValue> | undefined][]
    return new Map<string, HeldField>([
      ...held,
      ...given.flatMap(([name, value]) => (value ? [[referralFields[name], { ...from, value }] as const] : [])),
    ])
  },
  PersonalDetailsRecorded: hold,
  PersonalDetailsCorrected: hold,
  HealthDataRecorded: hold,
  DemographicsRecorded: hold,
  OffenceDataRecorded: hold,
  // Whoever would rather not say, does not have said it once.
  DemographicDeclined: (held, { fieldCodes }) => new Map(without(held, fieldCodes)),
  EqualityOptOutReceived: held => new Map([...held].filter(([field]) => !isMonitored(categoryOf(field)))),
  // What it took the place of stays superseded: whoever knows what is right says so.
  RecordedInError: (held, { withdrawn }) => new Map([...held].filter(([, one]) => one.eventId !== withdrawn)),
  ContactPreferencesSet: holdNeeds,
  JobStarted: holdJob('JobStarted'),
  JobEnded: holdJob('JobEnded'),
  JobSustained: holdJob('JobSustained'),
  ErasureFenced: (held, { scopes }) => new Map([...held].filter(([, { scope }]) => !scopes.includes(scope))),
  KeyRetired: (held, { kid }) => new Map([...held].filter(([, { value }]) => Personal.keyOf(value) !== kid)),
}
