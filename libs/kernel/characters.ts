/** How long a text is to whoever reads it, and to OpenAPI's maxLength: code points, not the halves of UTF-16. */
export function charactersIn(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
/** Whether a text has no more than so many characters. A text that could not is not walked. */
export const hasAtMost = (text: string, max: number): boolean => text.length <= max || (text.length <= 2 * max && charactersIn(text) <= max)

/**
 * What nobody sees and what makes a line read as another one: control characters and escape sequences, marks that turn the direction of
 * what follows, separators of lines, fillers, tags, halves of characters. Not among them are the joiners of Persian and of Indian scripts,
 * and the selectors that choose the form of the character before them.
 */
const seenAfterAll = String.raw`\u200C\u200D\uFE00-\uFE0F\u{E0100}-\u{E01EF}\u180B-\u180D\u180F`
const kinds = String.raw`\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{NChar}\uFFF9-\uFFFB`
const unseen = new RegExp(`(?![${seenAfterAll}])[${kinds}]`, 'u')
const eachUnseen = new RegExp(unseen.source, 'gu')
/** A return without its line feed goes back over the line that it ends: it is none of these. */
const lineBreaksAndTabs = /\r\n|\n|\t/g
/** Blanks that no space is: an empty cell of Braille. */
const notToBeSeen = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{M}\p{C}\u2800]/gu

export const oneLineRule = 'must be one line, without control or direction characters'
export const linesRule = 'must not hold control or direction characters beside line breaks and tabs'

/** Whether there is anything to see. */
export const isVisible = (text: string): boolean => text.replace(notToBeSeen, '') !== ''
/** Whether a text is one line, as it reads. */
export const isOneLine = (text: string): boolean => !unseen.test(text)
/** The same of a text of several lines, with tabs in them. */
export const areLines = (text: string): boolean => isOneLine(text.replace(lineBreaksAndTabs, ' '))

/** A text as a terminal may be shown it: what is not to be seen as an escape, so that it can do nothing there. */
export const escaped = (text: string): string => text.replace(eachUnseen, escapeOf)
/** The same, of text in lines of our own. */
export const escapedLines = (text: string): string => text.split('\n').map(escaped).join('\n')
/** The same within JSON, whose escapes are UTF-16. */
export const escapedJson = (json: string): string =>
  json.replace(eachUnseen, character =>
    [...Array(character.length).keys()].map(n => `\\u${character.charCodeAt(n).toString(16).padStart(4, '0')}`).join(''),
  )
const escapeOf = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
