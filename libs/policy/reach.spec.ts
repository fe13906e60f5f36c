import { staffRoles } from '#kernel/actor'
import { recordCapabilities } from './capabilities.js'
import { reachOf } from './reach.js'

test('[C37] a worker reads their own caseload, a team leader their team, a breach responder by ticket, the others everybody', () => {
  const limited = Object.fromEntries(
    staffRoles.flatMap(role => {
      const reach = reachOf(role, recordCapabilities, 'READ')
      return reach === 'EVERYBODY' ? [] : [[role, reach]]
    }),
  )
  const nobodyElse = { sysadmin: 'OWN_CASELOAD', integration: 'OWN_CASELOAD', 'accountable-executive': 'OWN_CASELOAD' }
  expect(limited).toEqual({ 'ips-worker': 'OWN_CASELOAD', 'team-leader': 'OWN_TEAM', 'breach-responder': 'BY_TICKET', ...nobodyElse })
})
test('[C37] whoever writes reaches as far as whoever reads; the widest row of several counts', () => {
  expect(reachOf('ips-worker', recordCapabilities, 'COMMAND')).toBe('OWN_CASELOAD')
  expect(reachOf('team-leader', 'RECORD_RISK', 'COMMAND')).toBe('OWN_TEAM')
  expect(reachOf('ips-worker', ['RECORD_BASICS', 'RECORD_CONSENT'], 'COMMAND')).toBe('EVERYBODY')
})
test('a row that lets a role do nothing reaches nobody whom somebody else supports', () => {
  expect(reachOf('back-office', 'RECORD_HEALTH', 'READ')).toBe('OWN_CASELOAD')
})
