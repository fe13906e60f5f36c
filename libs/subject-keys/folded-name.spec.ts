import { foldedName, foldingsOfBefore } from './folded-name.js'

test.each([
  ['Łukasz', 'Lukasz'],
  ['Søren', 'Soren'],
  ['Strauß', 'Strauss'],
  ['STRAUẞ', 'strauss'],
  ['Işık', 'Isik'],
  ['İpek', 'Ipek'],
  ['Æthel', 'Aethel'],
  ['Þórður', 'Thordur'],
  ['Đorđe', 'Dorde'],
  ['Œdipa', 'Oedipa'],
  ['Nguyễn', 'Nguyen'],
  ['Zoë', 'zoe\u0308'],
  ['O’Brien', 'OBrien'],
  ["O'Brien", 'O Brien'],
  ['Oʼbrien', 'O‘BRIEN'],
  ['Smith-Jones', 'Smith Jones'],
  ['ＭＡＲＩＧＯＬＤ', 'Marigold'],
  ['Γιώργος', 'ΓΙΩΡΓΟΣ'],
  ['Фёдор', 'Федор'],
  ['한글', '한글'.normalize('NFD')],
])('%s is found by %s', (name, by) => {
  expect(foldedName(name)).toBe(foldedName(by))
})
test.each([
  ['राम', 'रमा'],
  ['सीता', 'सत'],
  ['นิด', 'นัด'],
  ['สมชาย', 'สมชย'],
  ['שָׂרָה', 'שֹרה'],
  ['مُحَمَّد', 'مَحمُد'],
  ['தமிழ்', 'தமழ'],
  ['王伟', '王薇'],
  ['Мария', 'Марія'],
  ['Marigold', 'Marygold'],
  ['😀', '😎'],
])('%s is not found by %s', (name, by) => {
  expect(foldedName(name)).not.toBe(foldedName(by))
})
test('somebody who was entered before is found as they were entered, and by a spelling that reads the same', () => {
  expect([foldingsOfBefore('Łukasz'), foldingsOfBefore('Zoë'), foldingsOfBefore('Strauß'), foldingsOfBefore('Smith-Jones')]).toEqual([
    ['łukasz', 'lukasz'],
    ['zoe'],
    ['strauß', 'strauss'],
    ['smith jones'],
  ])
})
