import type { JsonValue } from '#kernel/json'
import type { FieldSchema } from './policy.js'

const isDate = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text)
  && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
  && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)

/** The rule that a value breaks, in words that do not hold the value; undefined when it fits its schema. */
export function brokenRule({ kind, maxLength, values }: FieldSchema, value: JsonValue): string | undefined {
  switch (kind) {
    case 'TEXT':
    case 'NHS_NUMBER': {
      const most = maxLength ?? 500
      return typeof value === 'string' && value.trim() !== '' && value.length <= most
        ? undefined
        : `must be text of 1 to ${most} characters`
    }
    case 'CODE':
      return typeof value === 'string' && values?.includes(value) ? undefined : `must be one of ${(values ?? []).join(', ')}`
    case 'DATE':
      return typeof value === 'string' && isDate(value) ? undefined : 'must be a date, YYYY-MM-DD'
    case 'YES_NO':
      return typeof value === 'boolean' ? undefined : 'must be true or false'
  }
}
