import { Controller, Query } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import { Reads } from '#nest/door'
import { Instant } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { shapeClass } from '#nest/shape-class'
import { rolesThatMay } from '#policy/capabilities'
import { ContactsUpdated } from '#policy/events'
import { hasCome } from '#policy/policy'
import { CommandDesk } from '../command-desk.js'

const ServiceContacts = shapeClass('ServiceContacts', ContactsUpdated.shape)
export class AtQuery {
  @Instant({ optional: true, description: 'As they were then, or will be by what is published; now unless told.' }) at?: string
}

/** C75: a letter names those who are responsible on the day on which it is written. */
@ApiTags('policies')
@Controller('service-contacts')
export class ServiceContactsController {
  constructor(private readonly desk: CommandDesk) {}

  @Reads({
    path: '',
    summary: 'How the service and those responsible are reached, at a time (C75)',
    roles: rolesThatMay('READ_POLICIES', 'READ'),
    underAudit: 'NOT_NEEDED',
    refusals: ['NOT_FOUND'],
    answers: ServiceContacts,
  })
  async at(@Query() { at }: AtQuery): Promise<object> {
    const { contacts } = await this.desk.policies.published()
    const inForce = contacts.findLast(hasCome(at ?? this.desk.clock.now()))
    if (!inForce) throw refusedAs('NOT_FOUND')
    return inForce
  }
}
