import { DailyStream } from '#commands/daily-stream'
import { newId } from '#commands/ids'
import { RecordAccessed } from '#domain/access/events'
import { type HeldField, declaredFor } from '#domain/person/details/record'
import type { DataOfEvent } from '#event-kit/event'
import type { JsonValue } from '#kernel/json'
import type { SubjectRef } from '#kernel/id'
import { systemFacts } from '#commands/machine-facts'
import { envelopeOf } from '#event-codec/sealed'
import type { Backend } from '#backend/backend'

type Opening = {
  readonly subjectRef: SubjectRef
  readonly fields: readonly (readonly [string, HeldField])[]
  readonly what: DataOfEvent<typeof RecordAccessed>['what']
  readonly purpose: string
  readonly command: string
}

/** The stream on which an operator's command records what it opens; one for each run. */
export const openingsOf = ({ store, codec, clock }: Pick<Backend, 'store' | 'codec' | 'clock'>) =>
  new DailyStream(store, codec, clock, 'access')

/**
 * Fields of one person's record, opened for a command of an operator's: the access is on record before anything is opened. A field that
 * was erased meanwhile is left
 * out. @throws StoreUnavailable, KeyStoreUnavailable, KeyMissing
 */
export async function openRecorded(
  { keys, clock }: Pick<Backend, 'keys' | 'clock'>,
  record: DailyStream,
  { subjectRef, fields, what, purpose, command }: Opening,
): Promise<ReadonlyMap<string, JsonValue>> {
  if (fields.length === 0) return new Map()
  const accessId = newId()
  const accessed = RecordAccessed.of({
    accessId: accessId as DataOfEvent<typeof RecordAccessed>['accessId'],
    subjectRef,
    what,
    fields: fields.map(([field]) => field),
    at: clock.now(),
  })
  await record.append([
    {
      id: newId(),
      ...accessed,
      metadata: systemFacts({ purpose, correlationId: accessId, commandId: accessId, command, occurredAt: clock.now() }),
    },
  ])
  const opened = await keys.open(
    fields.map(([field, { value }]) => ({ subject: subjectRef, sealed: envelopeOf(value), declared: declaredFor(field) })),
  )
  return new Map(
    fields.flatMap(([field], n) => {
      const value = opened[n]
      return value === undefined || value === 'erased' ? [] : [[field, value.known] as const]
    }),
  )
}
