import { Injectable } from '@nestjs/common'
import type { Comer } from '#domain/incident/incident'
import type { OfInterestedParty } from '#domain/incident/interested-parties'
import type { StaffRef } from '#kernel/id'
import type { Preparation, ToPrepare } from '#nest/door-of'
import { refusedAs } from '#nest/problems'
import { incidentReachOf } from '#policy/incident-reach'
import type { IncidentBody, PartyBody } from '../bodies/incident.js'
import { StaffDirectory } from '../staff-directory.js'

/** Whether this reference is one of somebody who works here. */
async function isOfSomebody(directory: StaffDirectory, staffRef: StaffRef): Promise<boolean> {
  const { state } = await directory.member(staffRef)
  return state !== 'UNKNOWN' && state !== 'LEFT'
}

/** Somebody is let at an incident from its start: nobody would know of it otherwise. */
@Injectable()
export class FirstParties implements Preparation<unknown, IncidentBody, object> {
  constructor(private readonly directory: StaffDirectory) {}

  async check({ body: { type, parties = [], asParty = true, breachKind }, request: { actor } }: ToPrepare<unknown, IncidentBody>) {
    if (parties.length === 0 && (!asParty || actor.role === 'integration'))
      throw refusedAs('INVALID_REQUEST', [{ field: 'parties', rule: 'must name somebody, where whoever raises it is no party' }])
    if (breachKind !== undefined && type !== 'INFORMATION_GOVERNANCE')
      throw refusedAs('INVALID_REQUEST', [{ field: 'breachKind', rule: 'goes with INFORMATION_GOVERNANCE only' }])
    const known = await Promise.all(parties.map(party => isOfSomebody(this.directory, party)))
    const errors = known.flatMap((one, n) => (one ? [] : [{ field: `parties.${n}`, rule: 'must be somebody who works here' }]))
    if (errors.length > 0) throw refusedAs('INVALID_REQUEST', errors)
  }

  prepare() {
    return Promise.resolve({})
  }
}

/** Whether whoever is let at one later works here. */
@Injectable()
export class KnownParty implements Preparation<OfInterestedParty, PartyBody, Pick<Comer, 'reach'> & { readonly worksHere: boolean }> {
  constructor(private readonly directory: StaffDirectory) {}

  async prepare({ input: { staffRef }, request: { actor } }: ToPrepare<OfInterestedParty, PartyBody>) {
    return { worksHere: await isOfSomebody(this.directory, staffRef), reach: incidentReachOf(actor.role) }
  }
}
