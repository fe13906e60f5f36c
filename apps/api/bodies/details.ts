import { type Channel, channels } from '#domain/person/channels'
import { type MarkRecordedInError } from '#domain/person/details/mark-recorded-in-error'
import { type Provenance, offenceConditions, provenances } from '#domain/person/details/events'
import { type RecordOffenceData, offenceSubjects } from '#domain/person/details/record-offence-data'
import { categories, isCriminal } from '#event-kit/scope'
import type { JsonValue } from '#kernel/json'
import { Personal } from '#kernel/personal'
import { AnyObject, Checked, OneOf, PastInstant, PolicyCode, Text, Uuid } from '#nest/fields'

const itemsDescription = 'Field name (without the category) → value, by the field schemas in force.'

export class DetailsBody {
  @PolicyCode({ known: categories }) category!: string
  @AnyObject({ description: itemsDescription }) items!: Record<string, JsonValue>
  @OneOf(provenances) provenance!: Provenance
}

const isName = (value: unknown) => typeof value === 'string' && /^[a-z][A-Za-z0-9]{0,39}$/.test(value)
export class DemographicsBody {
  @PolicyCode({ known: categories.filter(one => one.startsWith('DEM-')) }) category!: string
  @AnyObject({ description: `${itemsDescription} Each is optional.` }) items!: Record<string, JsonValue>
  @Checked(
    'fieldName',
    'must be the name of a field, without its category',
    isName,
    { type: 'string', pattern: '^[a-z][A-Za-z0-9]{0,39}$', example: ['ethnicity'] },
    { list: true, optional: true, max: 20, description: 'The names of what the person would rather not say: that is not unknown.' },
  )
  declined?: string[]
  @OneOf(provenances) provenance!: Provenance
}

export class OffenceBody {
  @PolicyCode({ known: categories.filter(isCriminal) }) category!: string
  @AnyObject({ description: itemsDescription }) items!: Record<string, JsonValue>
  @OneOf(provenances) provenance!: Provenance
  @OneOf(offenceSubjects, { description: 'Whose offence it was. Of somebody else it is not recorded here.' })
  about!: RecordOffenceData['about']
  @PolicyCode({ optional: true, known: offenceConditions, description: 'The condition of Schedule 1 (DPA 2018) that it is recorded on.' })
  condition?: string
}

export class ErrorBody {
  @Uuid({ description: 'The id of the event that says it: the case view and the answer of the command have it.' })
  withdrawn!: MarkRecordedInError['withdrawn']
  @PastInstant({ optional: true, description: 'Now unless told.' }) markedAt?: string
  @Text(2_000, { description: 'What was wrong: sealed.' }) reasons!: string
}

export class OptOutBody {
  @OneOf(channels) channel!: Channel
  @PastInstant({ description: 'What was said last counts.' }) receivedAt!: string
}
export class OptOutEndBody {
  @OneOf(channels) channel!: Channel
  @PastInstant({ description: 'What was said last counts.' }) saidAt!: string
}

/** Values as they are sealed. */
export const itemsIn = (items: Readonly<Record<string, JsonValue>>) =>
  Object.fromEntries(Object.entries(items).map(([name, value]) => [name, Personal.of(value)]))
