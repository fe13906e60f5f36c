import { examples } from '../examples.js'
import { isCitation } from './events.js'
import { shareData } from './share-data.js'
import { facts, given, held, toCourt, toPolice, typesOf } from './spec.js'

const { ConsentRefused: refusedConsent, DisclosureRequested: requested } = examples

test('[C22] an order is a provision for a court only', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: undefined, orderReference: requested.data.necessity }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }))
test('[C22] where the law is claimed it is cited', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: undefined }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }))
test('[C22] a name is no citation', () =>
  given(...held)
    .when(shareData.decide({ ...toPolice, legalProvision: 'ask Perpetua' }, facts))
    .thenRefused({ code: 'LEGAL_PROVISION_MISSING', also: [] }))
test.each([
  'Road Traffic Act 1988 s.170',
  'Children Act 1989, section 47',
  'DPA 2018 Sch 2 para 2',
  'POCA 2002 s 330',
  'UK GDPR Art 6(1)(c)',
  'section 115 Crime and Disorder Act 1998',
])('[C22] %s is a citation', text => {
  expect(isCitation(text)).toBe(true)
})
test.each(['Perpetua', 'ask Perpetua', 'because of the drink', '=1+1', '', 'Perpetua 9434765919 Act', '12 High Street NE8 1AA Act'])(
  '[C22] “%s” is none',
  text => {
    expect(isCitation(text)).toBe(false)
  },
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
  test.each([
    'act',
    'Order 2013',
    'Civil Procedure Regulation 3',
    'The Prison Rules 1999',
    'Rule 40 of the Prison Rules',
    'UK GDPR',
    'DPA',
    'section 115',
    'para 2',
    'Sch 2',
    'Schedule 2',
    'Art 6(1)(c)',
    'Article 6',
    's.170',
    's 170',
    's. 4',
    's4 of it',
    'a1999x 1999',
    'law of 2026',
    `Act ${'a'.repeat(116)}`,
    'Act/Order [2020] EWCA; ’x’, §¶–-&:',
  ])('%s', text => {
    expect(isCitation(text)).toBe(true)
  })
  test.each([
    undefined,
    '',
    'Perpetua',
    'factory',
    'actor',
    'an artist',
    'schooled',
    'parade',
    'ruler',
    'dpao',
    'orders',
    '999',
    '3000',
    '21000 of them',
    '1988',
    '9 Act',
    ' Act 1988',
    '(Act 1988)',
    'Act_1988',
    'Act "1988"',
    'Act 1988 = 2',
    'Act\n1988',
    'Act 1988!',
    `Act ${'a'.repeat(117)}`,
    'Act 123456',
    'Act 12 34 56',
    'Act 1988 for NE8 1AA',
    'Act 1988 for NE81AA',
    'Act 1988 for ne8 1aa',
    'Act 1988 for W1A 1AA',
    'Act 1988 for EC1A 1BB',
    'Act 1988 for M1 1AE',
  ])('“%s” is none', text => {
    expect(isCitation(text)).toBe(false)
  })
  test('five digits are no telephone number', () => {
    expect([isCitation('Act 12345'), isCitation('SI 2026/82 Order')]).toEqual([true, true])
  })
})
