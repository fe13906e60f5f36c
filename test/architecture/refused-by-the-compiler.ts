import { z } from 'zod'
import type { Api, Schemas } from '../../apps/cli/service.js'
import type { Evolve } from '#decider/decider'
import type { DataShared } from '#domain/person/disclosure/events'
import { examples } from '#domain/person/examples'
import { intakeExamples } from '#domain/person/intake/examples'
import { intakeInWords } from '#domain/person/intake/in-words'
import { type Person, type PersonEvent, personConcerns } from '#domain/person/person'
import { type DataOfEvent, defineEvent } from '#event-kit/event'
import type { ExampleOfEach } from '#event-kit/examples'
import { code, group, id, list, notPersonal, optional, personal, subject } from '#event-kit/field'
import type { InWords } from '#event-kit/in-words'
import type { ExpectedRevision } from '#event-store/event-store'
import type { SubjectRef } from '#kernel/id'
import { Personal } from '#kernel/personal'
import { type RefusalCode, refused } from '#kernel/refusals'
import { answerOf } from '#projections/answer'
import { nothing, rowProjection } from '#projections/projection'
import type { RowOf } from '#projections/table'
import { referralTable } from '#read-models/referral-queue/table'
import type { Opened } from '#subject-keys/subject-keys'

/** Mistakes that must not compile. `npm run check` compiles this file: an expectation that is not met any more is an error there. */

// @ts-expect-error 1 an unclassified field
defineEvent('A', { note: z.string() })
// @ts-expect-error 2 personal data of a subject that the event does not carry
defineEvent('B', { subjectRef: subject('SubjectRef'), name: personal.text('workerRef', 'ID') })
// @ts-expect-error 3 personal data whose "subject" is an ordinary id
defineEvent('C', { subjectRef: id('SubjectRef'), name: personal.text('subjectRef', 'ID') })
// @ts-expect-error 4 personal data under a scope that does not exist
defineEvent('D', { subjectRef: subject('SubjectRef'), name: personal.text('subjectRef', 'NAMES') })
// @ts-expect-error 5 clear free text with no decision behind it
defineEvent('E', { note: notPersonal(z.string(), 'it is fine') })
declare const shared: DataOfEvent<typeof DataShared>
declare const share: (data: DataOfEvent<typeof DataShared>) => void
// @ts-expect-error 6 a raw string where personal data belongs
share({ ...shared, necessity: 'to arrange an interview' })
// @ts-expect-error 7 using personal data as a string
export const words: string = shared.necessity
declare const opened: Opened<string>
// @ts-expect-error 8 reading an opened value as if it could not be erased
export const name: string = opened.known
// @ts-expect-error 9 an event without an evolve function
export const half: Evolve<Person, PersonEvent> = { DataShared: person => person }
// @ts-expect-error 10 a projection that is silent about an event of its concern
rowProjection({ name: 'quiet', concerns: [personConcerns.consent], tables: [], on: { ConsentGranted: nothing, ConsentRefused: nothing } })
const heard = { ConsentGranted: nothing, ConsentRefused: nothing, WithdrawalReceived: nothing, ConsentWithdrawn: nothing }
// @ts-expect-error 30 a projection that hears what is not of its concern
rowProjection({ name: 'curious', concerns: [personConcerns.consent], tables: [], on: { ...heard, DataShared: nothing } })
// @ts-expect-error 31 a row that lacks a column
referralTable.put({ subject_ref: shared.subjectRef, state: 'WANTED' })
// @ts-expect-error 32 a column that the table does not have
referralTable.patch(shared.subjectRef, { status: 'WANTED' })
declare const referral: RowOf<typeof referralTable>
// @ts-expect-error 33 a column in an answer that hides it
export const place: string = answerOf(referralTable, referral).position
const withNewField = defineEvent('F', { a: id('A') }).next({ a: id('A'), b: id('B') })
// @ts-expect-error 11 an upcaster that forgets the new field
withNewField.from(old => old)
const noUpcaster = defineEvent('G', { a: id('A') }).next({ a: id('A') })
// @ts-expect-error 12 a new version with no upcaster is not an event yet
noUpcaster.of({})
// @ts-expect-error 13 one kind of id in the place of another
share({ ...shared, subjectRef: shared.disclosureId })
declare const text: Personal<string>
// @ts-expect-error 14 a personal value of one type in the place of another
export const age: Personal<number> = text
// @ts-expect-error 15 a nested personal value whose subject stands nowhere
defineEvent('H', { subjectRef: subject('SubjectRef'), people: list(group({ said: personal.text('who', '3P') })) })
// @ts-expect-error 16 an optional personal value whose subject stands nowhere
defineEvent('I', { note: optional(personal.text('subjectRef', 'NARR')) })
// @ts-expect-error 17 a subject of a kind that has no keys
defineEvent('J', { key: subject('KeyId') })
// @ts-expect-error 18 a list of unclassified values
defineEvent('K', { notes: list(z.string()) })
// @ts-expect-error 19 a code outside its list
defineEvent('L', { colour: code('RED', 'BLUE') }).of({ colour: 'GREEN' })
// @ts-expect-error 20 "any" as an expected revision
export const any: ExpectedRevision = 'any'
// @ts-expect-error 21 a refusal code that is not in the table
refused('BECAUSE_I_SAY_SO')
declare const codes: RefusalCode
// @ts-expect-error 22 a refusal that is not narrowed to its own codes
export const narrow: 'CONSENT_NOT_GRANTED' = codes
// @ts-expect-error 23 a plain string for a person's reference
export const somebody: SubjectRef = 'Perpetua'
// @ts-expect-error 24 an example of an event whose data does not fit
export const example: Extract<PersonEvent, { type: 'ConsentGranted' }> = examples.ConsentRefused
// @ts-expect-error 25 making a sealed value out of text
Personal.sealed<string>('U0VBTEVE')
// @ts-expect-error 26 an event that nobody can tell in words
export const silent: InWords<PersonEvent> = intakeInWords
// @ts-expect-error 27 a concern without its examples
export const unshown: ExampleOfEach<PersonEvent> = intakeExamples
declare const api: Api
// @ts-expect-error 28 a command line that asks the API for a path that it does not have
void api.GET('/v1/subjects')
declare const answer: Schemas['MeAnswer']
// @ts-expect-error 29 or reads a field that it does not answer
export const { password } = answer
