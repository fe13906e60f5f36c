import { ApiProperty } from '@nestjs/swagger'
import { provenances } from '#domain/person/details/events'
import { type FactKind, factKinds, noFacts } from '#domain/person/standing/facts'
import type { Category } from '#event-kit/scope'
import type { CaseFacts } from '#read-models/case-view/facts'

/** What stands about the person, to whoever may see its category. */
export class CaseStanding {
  @ApiProperty({ format: 'uuid' }) factId!: string
  @ApiProperty({ enum: Object.keys(factKinds) }) kind!: FactKind
  @ApiProperty({ required: false, description: 'Which status, panel, step, level, or who is at risk.' }) says?: string
  @ApiProperty({ description: 'A day; of a safeguarding concern the moment at which it was raised.' }) from!: string
  @ApiProperty({ type: String, required: false, description: 'The last day, as it was known beforehand.' }) until?: string | undefined
  @ApiProperty({ required: false, description: 'The last day, or the moment, as it was.' }) endedOn?: string
  @ApiProperty({ format: 'uuid', description: 'The event that says it.' }) eventId!: string
  @ApiProperty({ format: 'uuid', required: false, description: 'The event that says that it ended.' }) endEventId?: string
}
/** Where a field comes from (UK GDPR Article 15(1)(g)), and the event by which it can be withdrawn. */
export class CaseSource {
  @ApiProperty({ description: '`<category>.<name>`' }) field!: string
  @ApiProperty({ enum: provenances }) provenance!: string
  @ApiProperty({ format: 'date-time' }) recordedAt!: string
  @ApiProperty({ format: 'uuid' }) eventId!: string
}

type MaySee = (category: Category) => boolean
const categoryOfField = (field: string) => field.slice(0, field.indexOf('.')) as Category

/** All of it only as far as the reader may see the category. */
export function standingOf({ standing = noFacts, fields, equality }: CaseFacts, maySee: MaySee) {
  const facts: readonly CaseStanding[] = Object.entries(standing)
    .filter(([, { kind }]) => maySee(factKinds[kind]))
    .sort(([, one], [, other]) => one.revision - other.revision)
    .map(([factId, { revision: _, ...fact }]) => ({ factId, ...fact }))
  const sources: readonly CaseSource[] = Object.entries(fields)
    .filter(([, { category, erased }]) => !erased && maySee(category))
    .map(([field, { provenance, recordedAt, eventId }]) => ({ field, provenance, recordedAt, eventId }))
  return { facts, sources, declined: (equality?.declined ?? []).filter(field => maySee(categoryOfField(field))) }
}
