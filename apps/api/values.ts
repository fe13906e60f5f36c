import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger'
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

/** Somebody’s words: opened, or masked, or erased. */
export const WordsShown =
  (options: { readonly required?: false; readonly description?: string } = {}): PropertyDecorator =>
  (prototype, name) => {
    ApiExtraModels(MaskedValue, ErasedValue)(prototype.constructor)
    ApiProperty({ ...options, oneOf: [{ type: 'string' }, { $ref: getSchemaPath(MaskedValue) }, { $ref: getSchemaPath(ErasedValue) }] })(
      prototype,
      name,
    )
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
