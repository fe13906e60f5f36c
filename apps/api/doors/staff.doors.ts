import { Body, Controller } from '@nestjs/common'
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import { refusalsOf } from '#commands/write-rules'
import { registerStaff } from '#domain/staff/register-staff'
import { needsAppointment } from '#domain/staff/staff'
import { Commands } from '#nest/door'
import { Door } from '#nest/door-of'
import { FrontDesk } from '#nest/front-desk'
import { refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { rolesThatMay } from '#policy/capabilities'
import { rolesGivenBy } from '#policy/giving-roles'
import { RegistrationAnswer } from '../answers.js'
import { StaffBody } from '../bodies/staff.js'
import { StaffDirectory } from '../staff-directory.js'

class RegisterStaff extends Command<RegistrationAnswer> {
  constructor(
    readonly body: StaffBody,
    readonly request: RequestFacts,
  ) {
    super()
  }
}

/** By hand: whom it is about is known only once the subject was looked up, and a subject may be an address that nobody stores. */
@CommandHandler(RegisterStaff)
class RegisterStaffHandler implements ICommandHandler<RegisterStaff> {
  constructor(
    private readonly desk: FrontDesk,
    private readonly directory: StaffDirectory,
  ) {}

  execute({ body: { subject, role }, request }: RegisterStaff): Promise<RegistrationAnswer> {
    const { name, basis } = registerStaff
    return this.desk.onRecord({ name, basis, purpose: 'LEGAL_OBLIGATION', subjectRef: undefined }, request, async () => {
      const gives = rolesGivenBy(request.actor.role)
      // First: whoever may not register anybody leaves no trace of whom they wanted to.
      if (!gives.includes(role)) throw refusedAs('ROLE_NOT_TO_GIVE')
      const staffRef = await this.directory.refOf(subject)
      const facts = (_: unknown, now: string) => ({ now, actor: request.actor, gives })
      const { answer } = await this.desk.decide(registerStaff, request, { staffRef, role }, facts)
      return { ...answer, staffRef, appointmentNeeded: needsAppointment(role) }
    })
  }
}

@ApiTags('staff')
@Controller('staff')
class RegisterStaffController {
  constructor(private readonly commands: CommandBus) {}

  @Commands({
    path: '',
    creates: true,
    summary: `${registerStaff.says} (${registerStaff.clauses.join(', ')})`,
    roles: rolesThatMay(registerStaff.capability, 'COMMAND'),
    refusals: refusalsOf(registerStaff),
    answers: RegistrationAnswer,
  })
  run(@Body() body: StaffBody, @TheRequest() request: RequestFacts): Promise<RegistrationAnswer> {
    return this.commands.execute(new RegisterStaff(body, request))
  }
}
export const registerStaffDoor = new Door([RegisterStaffController], [RegisterStaffHandler], registerStaff)
