import { Controller } from '@nestjs/common'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { eraseStaffDetails } from '#domain/staff/erase-staff-details'
import { recordStaffDetails } from '#domain/staff/record-staff-details'
import { Personal } from '#kernel/personal'
import { envelopeOf } from '#event-codec/sealed'
import { Reads } from '#nest/door'
import { doorOf } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import { type RequestFacts, TheRequest } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { Opening, type Words } from '#opening/opening'
import { rolesThatMay } from '#policy/capabilities'
import { givenBy } from '#policy/giving-roles'
import { ofStaff } from '../answers.js'
import { StaffDetailsBody, StaffErasureBody } from '../bodies/staff.js'
import { StaffDirectory } from '../staff-directory.js'
import { type ErasedValue, type MaskedValue, WordsShown, shownAs } from '../values.js'

export const recordStaffDetailsDoor = doorOf('staff', recordStaffDetails, {
  path: 'staff/:staffRef/details',
  body: StaffDetailsBody,
  input: ({ name, contact }, ids) => ({ ...ids, name: Personal.of(name), contact: Personal.given(contact) }),
  facts: givenBy,
  ...ofStaff,
})
export const eraseStaffDetailsDoor = doorOf('staff', eraseStaffDetails, {
  path: 'staff/:staffRef/details/erasure',
  body: StaffErasureBody,
  ...ofStaff,
})

type Shown = string | MaskedValue | ErasedValue
export class StaffDetails {
  @ApiProperty({ format: 'uuid' }) staffRef!: string
  @WordsShown({ required: false, description: 'Who they are, where anybody has recorded it.' }) name?: Shown
  @WordsShown({ required: false, description: 'How they are reached at work.' }) contact?: Shown
  @WordsShown({ required: false, description: 'Of a health overseer: their number in the register of their profession.' })
  registration?: Shown
}

/** Whom a reference stands for. One at a time: each reading is on record, and a list of names would be one of everybody. */
@ApiTags('staff')
@Controller('staff/:staffRef/details')
export class StaffDetailsController {
  constructor(
    private readonly directory: StaffDirectory,
    private readonly opening: Opening,
  ) {}

  @Reads({
    path: '',
    summary: 'Who a member of staff is; the reading is logged before anything is opened',
    roles: rolesThatMay('READ_STAFF_DETAILS', 'READ'),
    refusals: ['NOT_FOUND'],
    answers: StaffDetails,
  })
  async read(@IdInPath('staffRef') staffRef: string, @TheRequest() told: RequestFacts): Promise<StaffDetails> {
    const { state, details, oversees } = await this.directory.member(staffRef as never)
    if (state === 'UNKNOWN') throw refusedAs('NOT_FOUND')
    const said = Object.entries({
      name: wordsOf('StaffDetailsRecorded|name', 'ID', details?.name),
      contact: wordsOf('StaffDetailsRecorded|contact', 'CON', details?.contact),
      registration: wordsOf('HealthOverseerAppointed|registration', 'ID', oversees?.registration),
    }).flatMap(([name, words]) => (words ? [[name, words] as const] : []))
    const shown = await this.opening.words(
      told,
      'READ_STAFF_DETAILS',
      { subject: { kind: 'staff', id: staffRef }, purpose: 'LEGAL_OBLIGATION', what: 'STAFF' },
      said.map(([, words]) => words),
    )
    return { staffRef, ...Object.fromEntries(said.map(([name], n) => [name, shownAs(shown[n] ?? 'masked')])) }
  }
}

const wordsOf = (declared: string, scope: 'ID' | 'CON', words: Personal<string> | undefined): Words | undefined =>
  words && { sealed: envelopeOf(words), scope, declared: [declared] }
