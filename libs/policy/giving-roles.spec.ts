import { staffRoles } from '#kernel/actor'
import { rolesGivenBy } from './giving-roles.js'

test('[C37] a team leader gives the roles of a team, a system administrator those of machines, and most roles none', () => {
  expect(rolesGivenBy('team-leader')).toEqual(['back-office', 'ips-worker'])
  expect(rolesGivenBy('sysadmin')).toEqual(['sysadmin', 'integration'])
  for (const role of ['back-office', 'ips-worker', 'health-overseer', 'auditor', 'breach-responder', 'integration'] as const)
    expect([role, rolesGivenBy(role)]).toEqual([role, []])
})
test('the DPO and the Caldicott Guardian give every role but that of the executive whom they advise', () => {
  for (const role of ['dpo', 'caldicott'] as const)
    expect(rolesGivenBy(role)).toEqual(staffRoles.filter(one => one !== 'accountable-executive'))
  expect(rolesGivenBy('accountable-executive')).toEqual([])
})
