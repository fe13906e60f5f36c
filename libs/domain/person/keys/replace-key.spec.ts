import { specFor } from '#decider/spec'
import { ErasureFenced, KeyRetired, SubjectKeyCreated } from '#event-kit/key-events'
import type { Category, Scope } from '#event-kit/scope'
import type { ErasureId, KeyId } from '#kernel/id'
import { Personal } from '#kernel/personal'
import {
  DemographicsRecorded,
  HealthDataRecorded,
  type OffenceCondition,
  OffenceDataRecorded,
  PersonalDetailsCorrected,
  PersonalDetailsRecorded,
} from '../details/events.js'
import { examples } from '../examples.js'
import { kid, subjectRef } from '../invented.js'
import { restoreFence } from '../erasure/restore-fence.js'
import { type PersonEvent, person } from '../person.js'
import { type Kept, type ReplaceKey, fieldsUnder, replaceKey } from './replace-key.js'

const { given } = specFor(person)
const retiredAt = '2026-11-26T02:00:00.000Z'
const other = '00000000-0000-4000-8000-0000000000aa' as KeyId
const announced = (of: KeyId, scope: Scope) =>
  SubjectKeyCreated.of({ subjectRef, kid: of, scope, generation: 1, kc: examples.SubjectKeyCreated.data.kc })
const sealed = (under: KeyId, at: string) => Personal.sealed<string>({ v: 1, kid: under, iv: 'iv', ct: 'ct', at })
type From = 'PERSON' | 'STARS'
const recordedOf = (category: Category, from: From, names: readonly string[], valueOf: (name: string) => Personal<string>) => ({
  subjectRef,
  category,
  provenance: from,
  fieldCodes: names.map(name => `${category}.${name}`),
  values: Object.fromEntries(names.map(name => [name, valueOf(name)])),
})
const details = (...of: Parameters<typeof recordedOf>) => {
  const [[category], recorded] = [of, recordedOf(...of)]
  return category === 'HLT' ? HealthDataRecorded.of(recorded) : PersonalDetailsRecorded.of(recorded)
}
const held = (category: Category, from: From, names: readonly string[], under = kid) =>
  details(category, from, names, name => sealed(under, name))
const again = (category: Category, from: From, names: readonly string[]) =>
  details(category, from, names, name => Personal.of(`new ${name}`))
/** Every field of the person, opened from the event that it stands in now. */
const opened = (past: readonly PersonEvent[]): ReadonlyMap<string, Kept> =>
  new Map(
    [...given(...past).state.held].map(([field, { eventId }]) => [
      field,
      { eventId, value: Personal.of(`new ${field.slice(field.indexOf('.') + 1)}`) },
    ]),
  )
const order: ReplaceKey = { subjectRef, kid, scope: 'EMP', cause: 'COMPROMISED' }
const retired = (change: Partial<ReplaceKey> = {}) => {
  const { scope, cause } = { ...order, ...change }
  return KeyRetired.of({ subjectRef, kid, scope, cause, retiredAt })
}
const replaced = (past: readonly PersonEvent[], change: Partial<ReplaceKey> = {}, kept = opened(past)) =>
  given(...past).when(replaceKey({ ...order, ...change }, kept, retiredAt))

const work = [
  announced(kid, 'EMP'),
  announced(other, 'EMP'),
  held('EMP', 'PERSON', ['status', 'sector']),
  held('EMP', 'STARS', ['hours']),
  held('EMP', 'PERSON', ['notes'], other),
] as const

test('what a key seals stays, by where it came from, and the key is retired', () => {
  replaced(work).then(again('EMP', 'PERSON', ['status', 'sector']), again('EMP', 'STARS', ['hours']), retired())
})
test('a field that is not to be kept is not sealed again', () => {
  replaced(work, { without: 'EMP.sector', cause: 'FIELD_ERASED' }).then(
    again('EMP', 'PERSON', ['status']),
    again('EMP', 'STARS', ['hours']),
    retired({ cause: 'FIELD_ERASED' }),
  )
})
test('health stays health', () => {
  replaced([announced(kid, 'HLT'), held('HLT', 'PERSON', ['summary'])], { scope: 'HLT' }).then(
    again('HLT', 'PERSON', ['summary']),
    retired({ scope: 'HLT' }),
  )
})
test('[C08] demographics stay what they were recorded as', () => {
  const of = ['DEM-RE', 'PERSON', ['ethnicity']] as const
  replaced([announced(kid, 'DEM'), DemographicsRecorded.of(recordedOf(...of, name => sealed(kid, name)))], { scope: 'DEM' }).then(
    DemographicsRecorded.of(recordedOf(...of, name => Personal.of(`new ${name}`))),
    retired({ scope: 'DEM' }),
  )
})
test('[C09] offence data keeps its condition, each its own, also once it was corrected; what had none has none', () => {
  const offences = (name: string, condition: OffenceCondition, valueOf: (name: string) => Personal<string>) =>
    OffenceDataRecorded.of({ ...recordedOf('CRM', 'STARS', [name], valueOf), condition })
  const old = (name: string) => sealed(kid, name)
  const anew = (name: string) => Personal.of(`new ${name}`)
  const corrected = { ...recordedOf('CRM', 'STARS', ['charge'], old), supersedes: [] }
  const past = [
    announced(kid, 'CRM'),
    offences('charge', 'para-10', old),
    offences('outcome', 'para-2', old),
    held('CRM', 'STARS', ['history']),
    PersonalDetailsCorrected.of(corrected),
  ]
  replaced(past, { scope: 'CRM' }).then(
    offences('charge', 'para-10', anew),
    offences('outcome', 'para-2', anew),
    again('CRM', 'STARS', ['history']),
    retired({ scope: 'CRM' }),
  )
})
test('two categories of one scope stay apart', () => {
  replaced([announced(kid, 'REF'), held('ID', 'PERSON', ['name']), held('CON', 'PERSON', ['phone'])], { scope: 'REF' }).then(
    again('ID', 'PERSON', ['name']),
    again('CON', 'PERSON', ['phone']),
    retired({ scope: 'REF' }),
  )
})
test('a key that seals nothing is retired alone', () => {
  replaced([announced(kid, 'EMP')]).then(retired())
})
test('a key that was retired, erased or never announced is left as it is', () => {
  replaced([...work, retired()], {}, opened(work)).thenNothing()
  replaced([...work, ErasureFenced.of({ ...examples.ErasureFenced.data, kids: [kid] })], {}, opened(work)).thenNothing()
  replaced([held('EMP', 'PERSON', ['status'])]).thenNothing()
})
test('a value that was changed since it was opened, or was not opened, is opened again first', () => {
  replaced([...work, held('EMP', 'PERSON', ['status'])], {}, opened(work)).thenRefused({ code: 'VERSION_CONFLICT' })
  replaced(work, {}, new Map([...opened(work)].filter(([field]) => field !== 'EMP.hours'))).thenRefused({ code: 'VERSION_CONFLICT' })
  replaced(work, { without: 'EMP.hours' }, new Map([...opened(work)].filter(([field]) => field !== 'EMP.hours'))).then(
    again('EMP', 'PERSON', ['status', 'sector']),
    retired(),
  )
})
test('the fields under a key are those that it seals', () => {
  expect(fieldsUnder(given(...work).state.held, other).map(([field]) => field)).toEqual(['EMP.notes'])
})

describe('[C64] a fence that a restored log lost', () => {
  const erasureId = examples.ErasureFenced.data.erasureId
  const [young, foreign] = ['00000000-0000-4000-8000-0000000000bb' as KeyId, '00000000-0000-4000-8000-0000000000cc']
  const restored = (kids: readonly KeyId[]) =>
    ErasureFenced.of({ subjectRef, erasureId, extent: 'SCOPES', scopes: ['EMP'], kids: [...kids], cause: 'RESTORED-FROM-JOURNAL' })
  const put = (past: readonly PersonEvent[], kids: readonly string[], of: ErasureId = erasureId) =>
    given(...past).when(restoreFence({ subjectRef, erasureId: of, scopes: ['EMP'], kids }))
  const known = [announced(kid, 'EMP'), announced(young, 'EMP'), announced(other, 'HLT')] as const
  test('names the keys of the journal that the log knows, and those that it takes for live', () => {
    put(known, [kid, foreign]).then(restored([kid, young]))
  })
  test('a key that was replaced before is named when the journal does', () => {
    put([...known, KeyRetired.of({ subjectRef, kid, scope: 'EMP', cause: 'COMPROMISED', retiredAt })], [kid]).then(restored([kid, young]))
  })
  test('is put back once', () => {
    put([...known, restored([kid, young])], [kid]).thenNothing()
  })
})
