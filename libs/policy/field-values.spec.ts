import { fieldSchemas } from './default-pack/field-schemas.js'
import { brokenRule } from './field-values.js'

const now = '2026-11-29T12:00:00.000Z'
const schemas = new Map(fieldSchemas.map(schema => [schema.field, schema]))
const rule = (field: string, value: unknown) => brokenRule(schemas.get(field)!, value as never, now)

test.each([
  ['ID.name', 'Łukasz'],
  ['ID.name', '😀'.repeat(200)],
  ['CON.phone', '07700 900471'],
  ['CON.email', 'marigold@example.org'],
  ['CON.address', '1 High Street\nGateshead'],
  ['HLT.summary', 'one\r\n\ttwo'],
  ['ID.dateOfBirth', '1991-02-03'],
  ['ENG.nextAppointment', '2027-01-31'],
  ['OUT.sustained', true],
])('%s may be %s', (field, value) => {
  expect(rule(field, value)).toBeUndefined()
})
test.each([
  ['ID.name', '\u3164'],
  ['ID.name', 'Mari\ngold'],
  ['ID.preferredName', 'Mari\u202egold'],
  ['ID.name', '😀'.repeat(201)],
  ['CON.phone', 'PlantWord'],
  ['CON.email', 'PlantWord'],
  ['HLT.summary', 'a\u001b[2Jb'],
  ['SG.summary', 'a\u2066b'],
  ['ID.dateOfBirth', '2031-01-01'],
  ['ID.dateOfBirth', '1890-01-01'],
  ['ID.dateOfBirth', '1991-02-30'],
  ['EMP.since', '2026-12-01'],
  ['ENG.lastContact', '2026-12-01'],
  ['ENG.nextAppointment', '2900-01-01'],
  ['OUT.jobStart', '1899-01-01'],
  ['OUT.sustained', 'yes'],
  ['EMP.status', 'ASTRONAUT'],
])('%s may not be %j', (field, value) => {
  expect(rule(field, value)).toMatch(/^must/)
})
