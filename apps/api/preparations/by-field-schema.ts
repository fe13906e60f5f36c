import type { JsonValue } from '#kernel/json'
import { type FieldProblem, refusedAs } from '#nest/problems'
import { brokenRule } from '#policy/field-values'
import type { PolicyFacts } from '#policy/policy'

/** What is written down of a category, by the names of its fields; and which of them the person would rather not say. */
export type ItemsGiven = {
  readonly category: string
  readonly items: Readonly<Record<string, JsonValue>>
  readonly declined?: readonly string[]
}

/**
 * How many of the fields no schema in force knows.
 * @throws Refused INVALID_REQUEST for nothing at all, for a value that breaks the rule of a known field, and for one that was declined
 */
export function unknownAmong({ category, items, declined = [] }: ItemsGiven, { fields }: Pick<PolicyFacts, 'fields'>, now: string): number {
  const names = Object.keys(items)
  if (names.length + declined.length === 0) throw refusedAs('INVALID_REQUEST', [{ field: 'items', rule: 'must name at least one field' }])
  const problems = names.flatMap((name): readonly FieldProblem[] => {
    if (declined.includes(name)) return [{ field: `items.${name}`, rule: 'must not be given and declined' }]
    const schema = fields.get(`${category}.${name}`)
    const rule = schema && brokenRule(schema, items[name] as JsonValue, now)
    return rule === undefined ? [] : [{ field: `items.${name}`, rule }]
  })
  if (problems.length > 0) throw refusedAs('INVALID_REQUEST', problems)
  return [...names, ...declined].filter(name => !fields.has(`${category}.${name}`)).length
}
