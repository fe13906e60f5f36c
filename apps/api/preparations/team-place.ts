import { Injectable } from '@nestjs/common'
import { isActiveAs } from '#domain/staff/staff'
import type { Gives } from '#domain/staff/in-charge'
import type { Registered } from '#domain/staff/teams/create-team'
import type { TeamPart } from '#domain/staff/teams/events'
import { roleOfPart } from '#domain/staff/teams/in-team'
import type { StaffRef } from '#kernel/id'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { rolesGivenBy } from '#policy/giving-roles'
import { StaffDirectory } from '../staff-directory.js'

type Place = { readonly leader: StaffRef } | { readonly staffRef: StaffRef; readonly part: TeamPart }

/** Whether whoever is to be in a team works here in the role that it takes. */
@Injectable()
export class TeamPlace implements Preparation<Place, object, Registered & Gives> {
  constructor(private readonly directory: StaffDirectory) {}

  async prepare({ input, request }: ToPrepare<Place, object>): Promise<Registered & Gives> {
    const [who, part] = 'leader' in input ? [input.leader, 'LEADER' as const] : [input.staffRef, input.part]
    return { registered: isActiveAs(roleOfPart[part], await this.directory.member(who)), gives: rolesGivenBy(request.actor.role) }
  }
}
