import { examples } from '../examples.js'
import { DataShared, DisclosureRequested } from './events.js'

const { protects: _, ...old } = examples.DisclosureRequested.data
const upcast = (change: object) => DisclosureRequested.previous?.upcast({ ...old, ...change })

test('of what was asked for before, whom it protects follows from its purpose and its basis', () => {
  const on = (purpose: string, art6: string) => upcast({ purpose, basis: { art6 } })?.protects
  expect([on('MULTI_AGENCY_PANEL', 'f'), on('CJ_ORDER_REPORTING', 'f'), on('CRISIS_SUPPORT', 'f')]).toEqual([true, true, true])
  expect([on('JOINT_CARE', 'c'), on('JOINT_CARE', 'd'), on('JOINT_CARE', 'ea')]).toEqual([true, true, true])
  expect([on('JOINT_CARE', 'f'), on('EMPLOYMENT_SUPPORT', 'a')]).toEqual([false, false])
})
test('the rest stands as it was written: a law in words, and whom the asker named as approver', () => {
  const said = { basis: { art6: 'c', provision: 'law of 2026' }, notification: { decision: 'WITHHOLD', exemption: 'X1', approver: 'dpo' } }
  expect(upcast(said)).toMatchObject(said)
  expect(DataShared.previous?.upcast({ ...examples.DataShared.data, ...said })).toMatchObject(said)
})
