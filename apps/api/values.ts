import { ApiProperty } from '@nestjs/swagger'
import type { JsonValue } from '#kernel/json'
import type { Shown } from '#opening/recorded-vault'

/** A value that the reader’s role, or the purpose, does not open. */
export class MaskedValue {
  @ApiProperty({ enum: [true] }) masked!: true
}
/** A value whose key was destroyed by an erasure that is on record. */
export class ErasedValue {
  @ApiProperty({ enum: [true] }) erased!: true
}

export const masked: MaskedValue = { masked: true }
export const erased: ErasedValue = { erased: true }
/** What was opened, as a door answers it. */
export function shownAs(shown: Shown): JsonValue | MaskedValue | ErasedValue {
  if (shown === 'masked') return masked
  return shown === 'erased' ? erased : shown.known
}
export const answersOf = (fields: Readonly<Record<string, Shown>>): Readonly<Record<string, JsonValue | MaskedValue | ErasedValue>> =>
  Object.fromEntries(Object.entries(fields).map(([field, shown]) => [field, shownAs(shown)]))
