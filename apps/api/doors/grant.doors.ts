import { ApiProperty } from '@nestjs/swagger'
import { grantKinds } from '#domain/staff/grants/events'
import { grantAccess } from '#domain/staff/grants/grant-access'
import { revokeAccess } from '#domain/staff/grants/revoke-access'
import { doorOf } from '#nest/door-of'
import { Instant, OneOf, Uuid } from '#nest/fields'
import { before, equals, listOf } from '#nest/list-of'
import { cellOf } from '#policy/capabilities'
import { givenBy } from '#policy/giving-roles'
import { grantRegister } from '#read-models/grant-register/projection'
import { grantTable } from '#read-models/grant-register/table'
import { StaffAnswer } from '../answers.js'
import { GrantBody, RevocationBody } from '../bodies/access.js'
import { WithinReach } from '../preparations/within-reach.js'

const tag = 'staff'

export class GrantAnswer extends StaffAnswer {
  @ApiProperty({ format: 'uuid', description: 'What each reading by it names.' }) grantId!: string
}
const ofGrant = {
  answers: GrantAnswer,
  answer: ({ staffRef, grantId }: Pick<GrantAnswer, 'staffRef' | 'grantId'>) => ({ staffRef, grantId }),
}

export const grantAccessDoor = doorOf(tag, grantAccess, {
  path: 'staff/:staffRef/grants',
  creates: true,
  body: GrantBody,
  input: (body, ids, mint) => ({ ...body, ...ids, grantId: mint('grant') }),
  prepare: WithinReach,
  fields: { DAYS_OUT_OF_ORDER: 'until', ROLE_NOT_REGISTERED: 'role' },
  ...ofGrant,
})
export const revokeAccessDoor = doorOf(tag, revokeAccess, {
  path: 'staff/:staffRef/grants/:grantId/revocation',
  body: RevocationBody,
  facts: givenBy,
  ...ofGrant,
})

/** Whoever reads the register as a party to it sees what they were given, and what they gave. */
export const grantList = listOf({
  operation: 'GrantRegister.all',
  tag,
  path: 'grants',
  summary: 'Whose record is open to whom beyond caseload and team, by whom, until when, and when it was used last (C37)',
  capability: 'READ_GRANTS',
  projection: grantRegister,
  table: grantTable,
  forReader: ({ id, role }) =>
    cellOf('READ_GRANTS', role).some(({ limit }) => limit === 'PARTY')
      ? [[{ column: 'staff_ref', is: '=', value: id }], [{ column: 'granted_by', is: '=', value: id }]]
      : [[]],
  filters: {
    state: equals('state', OneOf(['GRANTED', 'REVOKED'], { optional: true })),
    stale: equals(
      'stale',
      OneOf(['YES', 'NO'], { optional: true, description: 'YES: its time is over, or nobody has used it for four weeks.' }),
    ),
    staffRef: equals('staff_ref', Uuid({ optional: true })),
    subjectRef: equals('subject_ref', Uuid({ optional: true })),
    kind: equals('kind', OneOf(grantKinds, { optional: true })),
    endsBefore: before('until', Instant({ optional: true, description: 'Whose time is over by then.' })),
  },
})
