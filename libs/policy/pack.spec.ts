import { defaultPack } from './default-pack.js'
import { PackRefused, type PolicyPack, policyPackIn } from './pack.js'

const now = '2026-11-01T09:00:00.000Z'
type Entry = { readonly type: string; readonly data: Readonly<Record<string, unknown>> }
type Written = { readonly [N in keyof PolicyPack]: readonly Entry[] }
/** As it stands in a file. */
const written = () => JSON.parse(JSON.stringify(defaultPack)) as Written
const [retention] = written().retention as readonly [Entry]
const withRetention = (data: object): object => ({ ...written(), retention: [{ ...retention, data: { ...retention.data, ...data } }] })
function reasonsFor(file: unknown, demoAllowed = true): readonly string[] {
  try {
    policyPackIn(file, now, demoAllowed)
    return []
  } catch (error) {
    if (!(error instanceof PackRefused)) throw error
    return error.reasons
  }
}

test('a pack that was written to a file is the same pack', () => {
  expect(policyPackIn(written(), now, true)).toEqual(defaultPack)
})
test.each([
  ['no object', [], [/^it has to be a JSON object with a list for each of notice, retention/]],
  ['a policy that is none', { ...written(), weather: [] }, [/^there is a policy that is none of /]],
  ['a policy that is missing', { ...written(), notice: undefined }, [/^notice has to be a list$/]],
  ['an entry of another policy', { ...written(), notice: written().retention }, [/^notice\[0\].type has to be NoticeVersionPublished$/]],
  ['a type that is none', { ...written(), retention: [{ ...retention, type: 'Kept' }] }, [/^retention\[0\].type has to be Retention/]],
  ['a field that does not fit', withRetention({ yearsAfterServiceEnd: -1 }), [/^retention\[0\].data.yearsAfterServiceEnd: /]],
  ['a field too many', withRetention({ months: 6 }), [/^retention\[0\].data: /]],
  ['nothing in force yet', withRetention({ effectiveFrom: '2027-01-01T00:00:00.000Z' }), [/^No retention policy is in force/]],
  [
    'two faults',
    { ...withRetention({ effectiveFrom: 'soon' }), calendar: 'none' },
    [/^retention\[0\].data.effectiveFrom: /, /^calendar has/],
  ],
])('is refused with %s, and everything that is wrong is said', (_, file, expected) => {
  expect(reasonsFor(file)).toEqual(expected.map(reason => expect.stringMatching(reason) as unknown))
})
test('[C15] [C75] what was approved for no real service is refused in production', () => {
  expect(reasonsFor(written())).toEqual([])
  expect(reasonsFor(written(), false)).toEqual([expect.stringContaining('marked as demo')])
  const { assessments, contacts, ...others } = written()
  const made = (list: readonly Entry[]) => list.map(({ type, data }) => ({ type, data: { ...data, demo: false } }))
  expect(reasonsFor({ ...others, contacts, assessments: made(assessments) }, false)).toEqual([expect.stringContaining('the contacts')])
  expect(reasonsFor({ ...others, contacts: made(contacts), assessments: made(assessments) }, false)).toEqual([])
})
test('a pack of an older release, which says nothing of what came later, is one all the same', () => {
  expect(reasonsFor({ ...written(), contacts: undefined, 'staff-policies': undefined, oversight: undefined })).toEqual([])
})
