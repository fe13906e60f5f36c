import { Injectable } from '@nestjs/common'
import type { AddPersonFacts, AddPersonToIncident } from '#domain/incident/add-person-to-incident'
import { person, standingOf } from '#domain/person/person'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import { incidentReachOf } from '#policy/incident-reach'
import type { InvolvedBody } from '../bodies/incident.js'
import { CommandDesk } from '../command-desk.js'
import { StaffDirectory } from '../staff-directory.js'

type Facts = Omit<AddPersonFacts, 'actor'>
type Asked = ToPrepare<AddPersonToIncident, InvolvedBody>

/** Who was involved: one person, who is known here where a reference says so. The same one has the same id in the same incident. */
@Injectable()
export class TheInvolved implements Preparation<AddPersonToIncident, InvolvedBody, Facts> {
  constructor(
    private readonly desk: CommandDesk,
    private readonly directory: StaffDirectory,
  ) {}

  async check({ body: { subjectRef, staffRef, name } }: Asked): Promise<void> {
    if ([subjectRef, staffRef, name].filter(one => one !== undefined).length !== 1)
      throw refusedAs('INVALID_REQUEST', [{ field: 'subjectRef', rule: 'say who it is by one of subjectRef, staffRef and name' }])
    if (subjectRef && !(await this.desk.folds.load(person, subjectRef)).state.intake.referral)
      throw refusedAs('INVALID_REQUEST', [{ field: 'subjectRef', rule: 'must be somebody who is on record here' }])
    if (staffRef && (await this.directory.member(staffRef)).state === 'UNKNOWN')
      throw refusedAs('INVALID_REQUEST', [{ field: 'staffRef', rule: 'must be somebody who works here, or did' }])
  }

  async prepare({ input: { incidentId }, body: { subjectRef, staffRef }, request }: Asked): Promise<Facts> {
    const ref = subjectRef ?? staffRef
    return {
      involvementId: ref ? this.desk.involvementOf(incidentId, ref) : this.desk.mintFor(request)('involvement'),
      isErased: subjectRef !== undefined && standingOf((await this.desk.folds.load(person, subjectRef)).state).erased,
      reach: incidentReachOf(request.actor.role),
    }
  }
}
