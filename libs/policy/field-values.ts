import { brokenBirthDate, brokenDate } from '#calendar/plausible-dates'
import { areLines, hasAtMost, isOneLine, isVisible, linesRule, oneLineRule } from '#kernel/characters'
import { emailRule, isEmailAddress, isTelephoneNumber, telephoneRule } from '#kernel/contact'
import type { JsonValue } from '#kernel/json'
import type { FieldSchema } from './policy.js'

const isDate = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text)
  && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
  && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)

const line = (text: string) => (isOneLine(text) ? undefined : oneLineRule)
const initials = (text: string) => (/^\p{Lu}{1,5}$/u.test(text) ? undefined : 'must be 1 to 5 capital letters')
const postcodeDistrict = (text: string) =>
  /^[A-Z]{1,2}\d[A-Z\d]?$/.test(text) ? undefined : 'must be the first part of a postcode, such as NE33'
/**
 * What a field of the record has to be beside what its schema says. By the name of the field and not by its schema: packs that were
 * published long ago know no such kinds, and a telephone number is one under each of them.
 */
const ruleOfText: Readonly<Record<string, (text: string) => string | undefined>> = {
  'ID.name': line,
  'ID.preferredName': line,
  'CON.phone': text => (isTelephoneNumber(text) ? undefined : telephoneRule),
  'ID.initials': initials,
  'CON.postcodeDistrict': postcodeDistrict,
  'CON.email': text => (isEmailAddress(text) ? undefined : emailRule),
}
const lines = (text: string) => (areLines(text) ? undefined : linesRule)
/** Dates of what has been agreed may lie ahead; of what happened they cannot. */
const happened = (date: string, now: string) => brokenDate(date, now, false)
const ruleOfDate: Readonly<Record<string, (date: string, now: string) => string | undefined>> = {
  'ID.dateOfBirth': brokenBirthDate,
  'EMP.since': happened,
  'ENG.lastContact': happened,
}
const mayLieAhead = (date: string, now: string) => brokenDate(date, now, true)

/** The rule that a value breaks, in words that do not hold the value; undefined when it fits its schema. */
export function brokenRule({ field, kind, maxLength, values }: FieldSchema, value: JsonValue, now: string): string | undefined {
  switch (kind) {
    case 'TEXT':
    case 'NHS_NUMBER': {
      const most = maxLength ?? 500
      return typeof value === 'string' && isVisible(value) && hasAtMost(value, most)
        ? (ruleOfText[field] ?? lines)(value)
        : `must be text of 1 to ${most} characters`
    }
    case 'CODE':
      return typeof value === 'string' && values?.includes(value) ? undefined : `must be one of ${(values ?? []).join(', ')}`
    case 'DATE':
      return typeof value === 'string' && isDate(value) ? (ruleOfDate[field] ?? mayLieAhead)(value, now) : 'must be a date, YYYY-MM-DD'
    case 'YES_NO':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
  }
}
