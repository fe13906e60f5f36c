import { getMetadataStorage } from 'class-validator'
import { misshapen } from '#nest/shape'
import { definitions } from '../../apps/api/doors.js'

type Target = new () => object
type Checked = { readonly target: Target; readonly propertyName: string }
/** Every field of a body or query that is checked, of all doors. */
const checked = () =>
  [
    ...(getMetadataStorage() as unknown as { validationMetadatas: ReadonlyMap<Target, readonly Checked[]> }).validationMetadatas.values(),
  ].flat()

test('a field that is checked has a shape: what has none would be refused as one that the API does not know', () => {
  expect(definitions.length).toBeGreaterThan(16)
  const fields = checked()
  expect(fields.map(({ propertyName }) => propertyName)).toEqual(expect.arrayContaining(['declinedBy', 'awareAt', 'acceptedAt']))
  expect(
    fields.filter(({ target, propertyName }) => misshapen(target, { [propertyName]: undefined }).length > 0).map(one => one.propertyName),
  ).toEqual([])
})
