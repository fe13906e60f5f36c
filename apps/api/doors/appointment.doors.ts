import { Controller } from '@nestjs/common'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { appoint } from '#domain/staff/appoint'
import { endAppointment } from '#domain/staff/end-appointment'
import { appointments } from '#domain/staff/events'
import { Reads } from '#nest/door'
import { doorOf } from '#nest/door-of'
import { rolesThatMay } from '#policy/capabilities'
import { givenBy } from '#policy/giving-roles'
import { ofStaff } from '../answers.js'
import { AppointmentBody, AppointmentEndBody } from '../bodies/staff.js'
import { TheirRegistration } from '../preparations/appointment.js'
import { StaffDirectory } from '../staff-directory.js'

export const appointDoor = doorOf('staff', appoint, {
  path: 'staff/:staffRef/appointments',
  creates: true,
  body: AppointmentBody,
  prepare: TheirRegistration,
  fields: { DAYS_OUT_OF_ORDER: 'until' },
  ...ofStaff,
})
export const endAppointmentDoor = doorOf('staff', endAppointment, {
  path: 'staff/:staffRef/appointments/end',
  body: AppointmentEndBody,
  facts: givenBy,
  ...ofStaff,
})

export class RoleHeldAnswer {
  @ApiProperty({ enum: appointments }) role!: string
  @ApiProperty({ required: false, format: 'uuid', description: 'Who acts in it now: the holder, or else a deputy. Nobody: it is vacant.' })
  acting?: string
  @ApiProperty({ type: [String], description: 'Who else may act in it.' }) standIns!: readonly string[]
}

@ApiTags('staff')
@Controller('appointments')
export class AppointmentsController {
  constructor(private readonly directory: StaffDirectory) {}

  @Reads({
    path: '',
    summary: 'Who acts in the roles that one person holds, and which of them are vacant (C48)',
    roles: rolesThatMay('READ_STAFF', 'READ'),
    refusals: [],
    answers: [RoleHeldAnswer],
  })
  async all(): Promise<readonly RoleHeldAnswer[]> {
    return (await this.directory.rolesHeld()).map(({ role, acting, standIns }) => ({ role, ...(acting ? { acting } : {}), standIns }))
  }
}
