import { specFor } from '#decider/spec'
import { Personal } from '#kernel/personal'
import { examples } from '../examples.js'
import { person } from '../person.js'
import { type Past, stateOf } from '../spec.js'
import { permittedBy } from './contact.js'
import { isIn, isSafeTime } from './safe-times.js'
import { setContactPreferences } from './set-contact-preferences.js'

const { given } = specFor(person)
const { ReferralReceived: received, ContactPreferencesSet: set, ErasureFenced: fenced } = examples
const now = '2026-11-03T09:00:00.000Z'
const saying = (change: Partial<typeof set.data> = {}, at = now) => setContactPreferences.decide({ ...set.data, ...change }, { now: at })
const said = (change: Partial<typeof set.data>) => ({ ...set, data: { ...set.data, ...change } })
const fields = (...past: Past) => [...stateOf(...past).held.keys()].filter(field => field in needed)
const needed = { 'CON.safeTimes': 1, 'CON.needs': 1, 'CON.language': 1, 'CON.otherNeeds': 1 }

describe('[C58] how somebody wants to be reached', () => {
  test('is on record as they said it, and when', () => {
    given(received).when(saying()).then(set)
    given().when(saying()).thenRefused({ code: 'NOT_FOUND' })
    const { saidAt: _, ...untimed } = set.data
    given(received)
      .when(setContactPreferences.decide(untimed, { now }))
      .then(said({ saidAt: now }))
    given(received)
      .when(saying({ saidAt: '2026-11-03T09:04:00.000Z' }))
      .then(said({ saidAt: now }))
  })
  test('is taken also where no way is left', () => {
    const none = said({ allowed: [], preferred: undefined, refused: permittedBy({}) })
    given(received).when(saying(none.data)).then(none)
    expect(permittedBy(given(received, none).state.contact)).toEqual([])
  })
  test('leaves the ways that are not refused; all of them, while nobody has said anything', () => {
    expect(permittedBy(given(received, set).state.contact)).toEqual(['PHONE', 'EMAIL', 'SMS', 'IN_PERSON', 'VIDEO'])
    expect(permittedBy(given(received).state.contact)).toHaveLength(7)
  })
  test('takes the place of all that was said before, also of what is not said again', () => {
    const later = said({ saidAt: '2026-11-02T09:00:00.000Z', refused: ['SMS'], needs: undefined, language: undefined })
    expect(given(received, set, later).state.contact.preferences).toMatchObject({ refused: ['SMS'] })
    expect(fields(received, set, later)).toEqual(['CON.safeTimes', 'CON.otherNeeds'])
  })
  test('counts by when it was said, not by when it was typed in', () => {
    const older = said({ saidAt: '2026-10-31T09:00:00.000Z', refused: ['SMS'], needs: undefined, language: Personal.of('en') })
    expect(given(received, set, older).state.contact.preferences).toMatchObject({ refused: ['LETTER', 'HOME_VISIT'] })
    expect(fields(received, set, older)).toEqual(Object.keys(needed))
  })
  test('goes with an erasure as far as it is sealed', () => {
    expect(fields(received, set, fenced)).toEqual([])
    expect(given(received, set, fenced).state.contact.preferences?.refused).toEqual(['LETTER', 'HOME_VISIT'])
  })
})

describe('a safe time', () => {
  test.each(['MON 09:00-12:30', 'SUN 00:00-24:00', 'FRI 23:00-23:30'])('is %s', text => expect(isSafeTime(text)).toBe(true))
  test.each(['MON 12:30-09:00', 'MON 09:00-09:00', 'MON 9:00-12:00', 'MONDAY 09:00-12:00', 'MON 09:00-24:30', '', 12])('is not %s', text =>
    expect(isSafeTime(text)).toBe(false),
  )
  test('is one on the clocks of London, and its end is not in it', () => {
    const morning = ['FRI 09:00-12:30', 'MON 09:00-12:30']
    // A Monday in summer, when London is an hour ahead.
    expect(isIn(morning, '2026-07-06T07:59:59.999Z')).toBe(false)
    expect(isIn(morning, '2026-07-06T08:00:00.000Z')).toBe(true)
    expect(isIn(morning, '2026-07-06T11:29:59.999Z')).toBe(true)
    expect(isIn(morning, '2026-07-06T11:30:00.000Z')).toBe(false)
    expect(isIn(morning, '2026-07-07T08:30:00.000Z')).toBe(false)
    expect(isIn(['SUN 22:00-24:00'], '2026-11-01T23:59:00.000Z')).toBe(true)
  })
})
