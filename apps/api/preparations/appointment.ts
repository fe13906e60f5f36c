import { Injectable } from '@nestjs/common'
import type { Appoint } from '#domain/staff/appoint'
import { isActiveAs } from '#domain/staff/staff'
import type { StaffRole } from '#kernel/actor'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { rolesGivenBy } from '#policy/giving-roles'
import type { AppointmentBody } from '../bodies/staff.js'
import { StaffDirectory } from '../staff-directory.js'

type Prepared = { readonly registered: boolean; readonly gives: readonly StaffRole[] }

/** Whether they are registered in the role, and whether it is one that whoever asks may give. */
@Injectable()
export class TheirRegistration implements Preparation<Appoint, AppointmentBody, Prepared> {
  constructor(private readonly directory: StaffDirectory) {}

  async prepare({ input: { staffRef, role }, request }: ToPrepare<Appoint, AppointmentBody>): Promise<Prepared> {
    return { registered: isActiveAs(role, await this.directory.member(staffRef)), gives: rolesGivenBy(request.actor.role) }
  }
}
