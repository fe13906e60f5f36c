import { ApiProperty } from '@nestjs/swagger'
import { type Channel, channels } from '#domain/person/channels'
import { type Contact, noContact, permittedBy } from '#domain/person/contact/contact'

/** How somebody may be reached, as the case view says it. */
export class CaseContact {
  @ApiProperty({ enum: channels, isArray: true, description: 'The ways that are left to reach the person by.' })
  permitted!: readonly Channel[]
  @ApiProperty({ enum: channels, isArray: true }) allowed!: readonly Channel[]
  @ApiProperty({ enum: channels, required: false }) preferred?: Channel
  @ApiProperty({ enum: channels, isArray: true }) refused!: readonly Channel[]
  @ApiProperty({ description: 'No message is left where nobody answers.' }) neverVoicemail!: boolean
  @ApiProperty({ description: 'Whoever writes or calls does not say for which service.' }) discreet!: boolean
  @ApiProperty({ format: 'date-time' }) saidAt!: string
}

export class CaseNotice {
  @ApiProperty() noticeVersion!: string
  @ApiProperty({ enum: channels }) channel!: Channel
  @ApiProperty({ format: 'date-time' }) providedAt!: string
}

/** Nothing, until the person said so. */
export function contactOf(contact: Contact = noContact): { readonly contact?: CaseContact; readonly notice?: CaseNotice } {
  const { preferences, notice } = contact
  const had = notice ? { notice } : {}
  if (!preferences) return had
  const { preferred, ...rest } = preferences
  return { ...had, contact: { ...rest, permitted: permittedBy(contact), ...(preferred ? { preferred } : {}) } }
}
