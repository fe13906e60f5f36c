import { judgeCase, judgeCertificate, judgeCheck, judgeCommand, judgeHealth, judgeKeys, judgeMe, judgeSearch, nameOf } from './judge.js'
import { type Heard, type Lie, type Moment, Person, type Step, Truth } from './truth.js'

const steps: readonly Step[] = ['refer', 'wish', 'details', 'consent', 'share', 'ask for erasure', 'approve']
const answer = (status: number, body: object = {}): Heard => ({
  status,
  body: body as Heard['body'],
  code: (body as { readonly code?: string }).code,
})
const refusal = (status: number, code: string) => answer(status, { code })
const unavailable = refusal(503, 'UNAVAILABLE')
const nobody: Heard = { status: 0, code: 'none', body: {} }
const kinds = (lies: readonly Lie[]) => lies.map(({ kind }) => kind)

/** Somebody about whom everything up to a step was acknowledged, at positions 10, 20, 30 …; and a moment after all of it. */
function somebody(upTo: Step) {
  const truth = new Truth()
  const person = new Person('Invented Person', '07700 900001')
  person.ref = 'p'
  for (const [n, step] of steps.slice(0, steps.indexOf(upTo) + 1).entries()) {
    const body = {
      position: String(10 * (n + 1)),
      events: [{ id: `e${n}`, type: 'X' }],
      ...(step === 'share' ? { disclosureId: 'd1' } : {}),
    }
    truth.acknowledge(person, person.try(step, truth.now()), answer(200, body), truth.now())
  }
  const later = (): Moment => ({ asked: truth.now(), answered: truth.now() })
  return { truth, person, later }
}
const name = 'Invented Person'
const caseOf = (more: object = {}) =>
  answer(200, {
    fields: { 'ID.name': name, 'EMP.skills': name },
    position: '50',
    erased: false,
    consents: [{ state: 'GIVEN' }],
    disclosures: [{ disclosureId: 'd1' }],
    ...more,
  })
const gone = caseOf({ fields: { 'ID.name': { erased: true }, 'EMP.skills': { erased: true } } })
const certificate = (more: object = {}) =>
  answer(200, { subjectRef: 'p', keys: ['k1'], verification: { keysFound: 0, ciphertextsOpened: 0 }, ...more })
const keys = (...states: readonly string[]) => answer(200, { items: states.map((state, n) => ({ kid: `k${n + 1}`, state })) })
const found = (...refs: readonly string[]) => answer(200, { items: refs.map(subjectRef => ({ subjectRef })) })
const done = (type: string, more: object = {}) => answer(201, { subjectRef: 'p', position: '60', events: [{ id: 'e9', type }], ...more })

test('an answer is counted by operation, status and code', () => {
  expect([done('DataShared'), unavailable, nobody, { ...nobody, code: 'late' }].map(heard => nameOf('share', heard))).toEqual([
    'share 201',
    'share 503 UNAVAILABLE',
    'share none',
    'share late',
  ])
})

describe('no answer but the truth or 503, at every door', () => {
  const { person, later } = somebody('share')
  const doors: Readonly<Record<string, (heard: Heard) => readonly Lie[]>> = {
    share: heard => judgeCommand('share', person, heard, later()),
    case: heard => judgeCase(person, heard, later(), undefined),
    'case after': heard => judgeCase(person, heard, later(), 50n),
    certificate: heard => judgeCertificate(person, heard, later()),
    keys: heard => judgeKeys(person, heard, later(), undefined),
    search: heard => judgeSearch(person, heard, later()),
    check: heard => judgeCheck(person, heard, later()),
    me: heard => judgeMe('dpo', heard),
    health: judgeHealth,
  }
  const lying = [
    refusal(403, 'STAFF_NOT_REGISTERED'),
    refusal(403, 'AUDIT_REQUIRED'),
    refusal(422, 'CONSENT_NOT_GRANTED'),
    refusal(409, 'VERSION_CONFLICT'),
    refusal(409, 'SUBJECT_ERASED'),
    refusal(401, 'UNAUTHENTICATED'),
    refusal(500, 'INTERNAL_ERROR'),
    refusal(500, 'KEY_LOST'),
    refusal(503, 'EVENT_STORE_REWOUND'),
    refusal(503, 'NO_POLICY_IN_FORCE'),
  ]
  test.each(Object.entries(doors))('%s', (operation, judge) => {
    for (const heard of lying) expect(kinds(judge(heard))).toEqual([nameOf(operation, heard)])
    for (const heard of [unavailable, refusal(503, 'NOT_YET_VISIBLE'), nobody]) expect(judge(heard)).toEqual([])
  })
  test.each(Object.entries(doors).filter(([operation]) => operation !== 'certificate'))(
    '%s of somebody who was referred is never 404',
    (operation, judge) => {
      expect(kinds(judge(refusal(404, 'NOT_FOUND')))).toEqual([`${operation} 404 NOT_FOUND`])
    },
  )
})

describe('a command', () => {
  const { person, later } = somebody('consent')
  const share = (heard: Heard) => kinds(judgeCommand('share', person, heard, later()))
  test('leads to its event', () => {
    expect(share(done('DataShared', { disclosureId: 'd1' }))).toEqual([])
    expect(share(done('DisclosureRequested', { disclosureId: 'd1' }))).toEqual(['share: acknowledged without its event'])
    expect(share(done('DataShared'))).toEqual(['share: acknowledged without its disclosure'])
  })
  test('is about who was asked about, at a position after the last one', () => {
    expect(share(done('DataShared', { disclosureId: 'd1', subjectRef: 'q' }))).toEqual(['share: acknowledged for somebody else'])
    expect(share(done('DataShared', { disclosureId: 'd1', position: '5' }))).toEqual([
      'share: acknowledged at a position before the last one',
    ])
  })
  test('is refused for an erasure once that may have begun, and not recorded once it is certified', () => {
    const erasing = somebody('approve')
    expect(judgeCommand('details', erasing.person, refusal(409, 'SUBJECT_ERASED'), erasing.later())).toEqual([])
    const recorded = done('PersonalDetailsRecorded', { position: '80' })
    expect(judgeCommand('details', erasing.person, recorded, erasing.later())).toEqual([])
    expect(judgeCertificate(erasing.person, certificate(), erasing.later())).toEqual([])
    expect(kinds(judgeCommand('details', erasing.person, recorded, erasing.later()))).toEqual([
      'details: recorded after the erasure was certified',
    ])
  })
})

describe('a case', () => {
  const shared = somebody('share')
  const seen = (heard: Heard, after?: bigint) => kinds(judgeCase(shared.person, heard, shared.later(), after))
  test('shows what was acknowledged up to the position that was asked for', () => {
    expect(seen(caseOf(), 50n)).toEqual([])
    expect(seen(caseOf({ fields: { 'ID.name': name } }), 50n)).toEqual(['case: without acknowledged details'])
    expect(seen(caseOf({ consents: [] }), 50n)).toEqual(['case: without an acknowledged consent'])
    expect(seen(caseOf({ disclosures: [] }), 50n)).toEqual(['case: without an acknowledged sharing'])
    expect(seen(caseOf({ position: '40' }), 50n)).toEqual(['case: behind the position that was asked for'])
  })
  test('may lag where no position was asked for, and need not know of what came after it', () => {
    const lagging = caseOf({ fields: { 'ID.name': name }, position: '10', consents: [], disclosures: [] })
    expect(seen(lagging)).toEqual([])
    expect(seen(lagging, 10n)).toEqual([])
  })
  test('need not know of what was acknowledged after it was asked for', () => {
    const early = { asked: 2, answered: shared.later().answered }
    expect(judgeCase(shared.person, caseOf({ consents: [], disclosures: [] }), early, 50n)).toEqual([])
  })
  test('is of the person, in their words', () => {
    expect(seen(caseOf({ fields: { 'EMP.skills': name } }))).toEqual(['case: without the name'])
    expect(seen(caseOf({ fields: { 'ID.name': 'Another' } }))).toEqual(['case: somebody else’s words'])
    expect(seen(caseOf({ fields: { 'ID.name': { masked: true } } }))).toEqual(['case: masked for who may see it'])
  })
  test('is not erased while nobody approved it, and stays erased', () => {
    expect(seen(gone)).toEqual(['case: erased, and nobody asked for it'])
    expect(seen(caseOf({ erased: true }))).toEqual(['case: erased, and nobody asked for it'])
    const { person, later } = somebody('approve')
    expect(judgeCase(person, caseOf(), later(), undefined)).toEqual([])
    const before = later()
    expect(judgeCase(person, gone, later(), undefined)).toEqual([])
    expect(judgeCase(person, caseOf(), before, undefined)).toEqual([])
    expect(kinds(judgeCase(person, caseOf(), later(), undefined))).toEqual(['case: shown again after it was erased'])
  })
  test('is not shown after the certificate', () => {
    const { person, later } = somebody('approve')
    expect(judgeCertificate(person, certificate(), later())).toEqual([])
    expect(kinds(judgeCase(person, caseOf(), later(), undefined))).toEqual(['case: shown after its erasure was certified'])
  })
})

describe('a certificate', () => {
  test('is of an erasure that was approved, of this person, of keys that are gone', () => {
    const { person, later } = somebody('approve')
    const judged = (heard: Heard) => kinds(judgeCertificate(person, heard, later()))
    expect(judged(refusal(404, 'NOT_FOUND'))).toEqual([])
    expect(judged(certificate({ subjectRef: 'q' }))).toEqual(['certificate: somebody else’s'])
    expect(judged(certificate({ keys: [] }))).toEqual(['certificate: of no key'])
    expect(judged(certificate({ verification: { keysFound: 1, ciphertextsOpened: 0 } }))).toEqual(['certificate: of what is still there'])
    const kept = somebody('share')
    expect(kinds(judgeCertificate(kept.person, certificate(), kept.later()))).toEqual([
      'certificate: issued, and nobody approved an erasure',
    ])
  })
  test('once shown is there', () => {
    const { person, later } = somebody('approve')
    expect(judgeCertificate(person, certificate(), later())).toEqual([])
    expect(kinds(judgeCertificate(person, refusal(404, 'NOT_FOUND'), later()))).toEqual(['certificate 404 NOT_FOUND'])
  })
})

describe('keys', () => {
  test('of somebody who is kept are there and in use', () => {
    const { person, later } = somebody('share')
    const judged = (heard: Heard, after?: bigint) => kinds(judgeKeys(person, heard, later(), after))
    expect(judged(keys('ACTIVE', 'ACTIVE'), 50n)).toEqual([])
    expect(judged(keys())).toEqual([])
    expect(judged(keys(), 50n)).toEqual(['keys: none, of a person who was referred'])
    expect(judged(keys('ACTIVE', 'FENCED'))).toEqual(['keys: closed, and nobody approved an erasure'])
    expect(judged(keys('LOST'))).toEqual(['keys: lost', 'keys: closed, and nobody approved an erasure'])
  })
  test('once destroyed stay so', () => {
    const { person, later } = somebody('approve')
    expect(judgeKeys(person, keys('DESTROYED', 'FENCED'), later(), undefined)).toEqual([])
    expect(kinds(judgeKeys(person, keys('ACTIVE', 'DESTROYED'), later(), undefined))).toEqual(['keys: there again after it was destroyed'])
  })
})

test('a search finds who was asked for, once, as long as they are not erased', () => {
  const { person, later } = somebody('share')
  const judged = (heard: Heard) => kinds(judgeSearch(person, heard, later()))
  expect([judged(found('p')), judged(found())]).toEqual([[], []])
  expect(judged(found('q'))).toEqual(['search: somebody else'])
  expect(judged(found('p', 'p'))).toEqual(['search: the same person twice'])
  expect(judgeCase(person, caseOf(), later(), undefined)).toEqual([])
  expect(judged(found())).toEqual(['search: not found, and the case is there'])
  const erased = somebody('approve')
  expect(judgeCertificate(erased.person, certificate(), erased.later())).toEqual([])
  expect(kinds(judgeSearch(erased.person, found('p'), erased.later()))).toEqual(['search: found after the erasure was certified'])
})

test('what may be shared follows the consent', () => {
  const check = ({ person, later }: ReturnType<typeof somebody>, allowed: boolean) =>
    kinds(judgeCheck(person, answer(200, { allowed, refusals: allowed ? [] : [{ code: 'CONSENT_NOT_GRANTED' }] }), later()))
  expect([check(somebody('details'), false), check(somebody('consent'), true)]).toEqual([[], []])
  expect(check(somebody('details'), true)).toEqual(['check: allowed without a consent'])
  expect(check(somebody('consent'), false)).toEqual(['check: refused in spite of the consent (CONSENT_NOT_GRANTED)'])
})

test('who one is, and how the parts are', () => {
  expect(kinds(judgeMe('dpo', answer(200, { role: 'auditor' })))).toEqual(['me: somebody else'])
  expect(judgeMe('dpo', answer(200, { role: 'dpo' }))).toEqual([])
  expect(judgeHealth(answer(503, { parts: [{ part: 'case-view', why: 'it does not answer' }] }))).toEqual([])
  expect(judgeHealth(answer(503, { parts: [{ part: 'case-view', why: 'EVENT_STORE_REWOUND: …' }] }))).toEqual([
    { kind: 'health: EVENT_STORE_REWOUND', about: 'case-view' },
  ])
})
