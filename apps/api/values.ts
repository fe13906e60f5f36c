import { ApiProperty } from '@nestjs/swagger'

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
