import { areLines, charactersIn, escaped, escapedJson, escapedLines, hasAtMost, isOneLine, isVisible } from './characters.js'

const named = (character: string) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
const unseen = [
  ...['\u0000', '\u0007', '\u0008', '\u001b', '\u007f', '\u0085', '\u009b'],
  ...['\u200e', '\u200f', '\u061c', '\u202a', '\u202e', '\u2066', '\u2069'],
  ...['\u00ad', '\u200b', '\u2028', '\u2029', '\u2060', '\ufeff', '\ufff9', '\ufffe', '\ue000', '\u{e0041}', '\u3164', '\u034f', '\r'],
].map(character => [named(character), character] as const)

test.each(unseen)('%s is no part of a line, nor of lines', (_, character) => {
  expect([isOneLine(`Mari${character}gold`), areLines(`Mari${character}gold`)]).toEqual([false, false])
})
test.each(['\n', '\r\n', '\t'].map(character => [named(character), character] as const))('%s is part of lines only', (_, character) => {
  expect([isOneLine(`a${character}b`), areLines(`a${character}b`)]).toEqual([false, true])
})
test.each(['Müller', 'O’Brien', 'Ngũgĩ', 'राम', 'क्\u200dष', 'می\u200cخواهم', '葛\u{e0100}城', '❤\ufe0f', '  two  words '])(
  '%s is a line',
  text => {
    expect([isOneLine(text), isVisible(text)]).toEqual([true, true])
  },
)
test.each(
  [' ', '\u00a0', '\u3000', '\u2800', '\u3164', '\u115f', '\u200b', '\u200d', '\ufe0f', '\u0301', '\u200d \u200d', '\u061c'].map(text => [
    named(text),
    text,
  ]),
)('%s alone is nothing to see', (_, text) => {
  expect(isVisible(text)).toBe(false)
})
test('a character is one, however many halves UTF-16 has for it', () => {
  expect([charactersIn('𝒜é😀'), hasAtMost('😀'.repeat(5), 5), hasAtMost('😀'.repeat(6), 5), hasAtMost('x'.repeat(6), 5)]).toEqual([
    3,
    true,
    false,
    false,
  ])
})
test('what is shown on a terminal does nothing there, and is still told', () => {
  expect(escaped('a\u001b[2Jb\u202ec\nd')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{a}d')
  expect(escapedLines('a\u001b\nb')).toBe('a\\u{1b}\nb')
  const said = { name: 'a\u001b[2J\u202e\u009b\u{e0041}\n' }
  const json = escapedJson(JSON.stringify(said))
  expect([JSON.parse(json), /[\u007f-\u009f\u202e]|\u{e0041}/u.test(json)]).toEqual([said, false])
})
