import { staffRoles } from '#kernel/actor'
import { type AwaitedApproval, approvalsAwaiting, disclosureApprovers } from './approving.js'
import { matrixRows } from './default-pack/matrix-rows.js'

const rows = new Map(matrixRows.map(row => [row.recipient, row]))
const isAmong = (kind: AwaitedApproval, recipient: string, withheld: boolean, categories: readonly string[]) =>
  kind.withheld === withheld
  && (kind.recipients === 'ANY'
    || ('among' in kind.recipients ? kind.recipients.among.includes(recipient) : !kind.recipients.outside.includes(recipient)))
  && (kind.showing === undefined || categories.includes(kind.showing))

test.each(staffRoles)('what waits for the %s is what they may decide, and nothing else', role => {
  const awaited = approvalsAwaiting(role, rows)
  for (const recipient of [...rows.keys(), 'LEFT-THE-MATRIX'])
    for (const withheld of [true, false])
      for (const categories of [['ID'], ['ID', 'HLT']] as const) {
        const may = disclosureApprovers(rows.get(recipient)?.approver, { withheld, categories }).includes(role)
        const waits = awaited.some(kind => isAmong(kind, recipient, withheld, categories))
        expect([recipient, withheld, categories, waits]).toEqual([recipient, withheld, categories, may])
      }
})
test('the health overseer has what shows health data, to whomever a team leader may let it go', () => {
  expect(approvalsAwaiting('health-overseer', rows)).toMatchObject([{ withheld: false, showing: 'HLT' }])
  expect(approvalsAwaiting('back-office', rows)).toEqual([])
})
