import { examples } from '../examples.js'
import { askedIn } from './looked-at-again.js'
import { lawfulBasisOf } from './basis-rules.js'
import { type Citation, isCitation } from './citation.js'
import { shareData } from './share-data.js'
import { facts, given, held, now, toCourt, toPolice, typesOf } from './spec.js'

const { ConsentRefused: refusedConsent, DisclosureRequested: requested } = examples
const cited: Citation = { instrument: 'ACT', title: 'Road Traffic Act', year: 1988, provision: 's.170' }

test('[C22] an order is a provision for a court only', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: undefined, orderReference: requested.data.necessity }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }))
test('[C22] where the law is claimed it is cited', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: undefined }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }))
test.each(['act', 'section', 'the law', 'Perpetua’s order, 943 476 5919'])('[C22] “%s” is the title of no law', title =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: { ...cited, title } }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }),
)
test('[C22] nobody has to invent a citation: another basis of the row will do', () => {
  expect(
    typesOf(
      given(...held)
        .when(shareData.decide({ ...toPolice, legalProvision: undefined, confidentialityBasis: 'OVERRIDING_PUBLIC_INTEREST' }, facts))
        .events(),
    ),
  ).toEqual(['DisclosureRequested'])
})
test('[C22] a refused consent does not block what the law requires', () => {
  expect(
    typesOf(
      given(...held, refusedConsent)
        .when(shareData.decide(toPolice, facts))
        .events(),
    ),
  ).toEqual(['DisclosureRequested'])
})
test('[C25] a court names its order', () =>
  given(...held)
    .when(shareData.decide({ ...toCourt, orderReference: undefined }, facts))
    .thenRefused({ code: 'COURT_ORDER_REFERENCE_MISSING', also: ['LEGAL_PROVISION_MISSING'] }))
test('[C25] an order is its own provision', () => {
  expect(
    typesOf(
      given(...held)
        .when(shareData.decide(toCourt, facts))
        .events(),
    ),
  ).toEqual(['DisclosureRequested'])
})

describe('[C22] a citation', () => {
  test.each<Partial<Citation>>([
    {},
    { instrument: 'SI', title: 'Prison Rules', year: 1999, provision: 'rule 40' },
    { instrument: 'RULE', title: 'Civil Procedure Rules', year: 1998, provision: 'r.31' },
    { instrument: 'ORDER', title: 'Data Protection Act 2018 (Commencement No. 6) Regulations', year: 2026, provision: 'regs 3 and 7' },
    { title: 'Magna Carta', year: 1297, provision: 'article 29' },
    { provision: 'section 115(1)(a)' },
    { provision: 'ss.44A to 44F' },
    { provision: 'Sch 2 para 2' },
    { provision: 'Schedule 1, paragraph 10(2)' },
    { provision: 'Part 8 s 325(6)' },
  ])('%o', change => {
    expect(isCitation({ ...cited, ...change }, now)).toBe(true)
  })
  test.each<Partial<Citation>>([
    { title: 'act' },
    { title: 'Act' },
    { title: 'section' },
    { title: 'law' },
    { title: 'The Law of the Act' },
    { title: 'Rules and Regulations' },
    { title: 'RT' },
    { title: '' },
    { title: '1988 Act of Traffic' },
    { title: 'Traffic Act 943 476 5919' },
    { title: 'Traffic Act for NE8 1AA' },
    { title: `Traffic ${'a'.repeat(68)}` },
    { title: 'Traffic_Act' },
    { year: 1199 },
    { year: 2027 },
    { year: 88 },
    { provision: 'of 2026' },
    { provision: 'section' },
    { provision: '115' },
    { provision: 'Part 8' },
    { provision: 'as Perpetua told section 4' },
    { provision: 's 943 476 5919' },
    { provision: 'section NE8 1AA' },
    { provision: '' },
    { provision: 'section 4!' },
    { provision: `s 1${' to 2'.repeat(8)}` },
  ])('%o is none', change => {
    expect(isCitation({ ...cited, ...change }, now)).toBe(false)
  })
  test('that is not there', () => {
    expect(isCitation(undefined, now)).toBe(false)
  })
  test('of this year counts from its first day here', () => {
    const next = { ...cited, year: 2027 }
    expect([isCitation(next, '2026-12-31T23:59:59.999Z'), isCitation(next, '2027-01-01T00:00:00.000Z')]).toEqual([false, true])
  })
})

test('[C22] what was cited in words before stays a citation, in those words', () => {
  const { data } = examples.DisclosureRequested
  const asked = askedIn({ ...data, hasOrderReference: false, basis: { art6: 'c', provision: 'law of 2026' } })
  expect([asked.legalProvision, asked.citedAsText]).toEqual([undefined, 'law of 2026'])
  expect(lawfulBasisOf({ art6: 'c', provision: 'law of 2026' })).toEqual({ art6: 'c', provision: 'law of 2026' })
  expect(lawfulBasisOf({ art6: 'c', citation: cited })).toEqual({ art6: 'c', provision: 'Road Traffic Act 1988 s.170' })
})
