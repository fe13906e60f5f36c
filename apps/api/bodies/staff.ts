import { type Appointment, appointments } from '#domain/staff/events'
import { type StaffRole, staffRoles } from '#kernel/actor'
import { OneOf, Text } from '#nest/fields'

export class StaffBody {
  @Text(255, { description: 'The `sub` of their tokens, as the issuer writes it. It is not stored: only a keyed digest of it is.' })
  subject!: string
  @OneOf(staffRoles, { description: 'A role that yours gives. Their token has to carry it, too.' }) role!: StaffRole
}

export class AppointmentBody {
  @OneOf(appointments) role!: Appointment
}
