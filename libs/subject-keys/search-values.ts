import type { Scope } from '#event-kit/scope'
import { foldedName, foldingsOfBefore } from './folded-name.js'
import type { IndexEntry } from './subject-keys.js'

/** What people can be found by: exact values, normalised so that spelling habits do not hide a person. */
export type Searchable = {
  readonly name?: string | undefined
  readonly dateOfBirth?: string | undefined
  readonly nhsNumber?: string | undefined
  readonly phone?: string | undefined
}

const plainPhone = (phone: string) => phone.replace(/[^\d+]/g, '').replace(/^(\+44|0044)0?/, '0')

export function indexEntriesOf(
  { name, dateOfBirth, nhsNumber, phone }: Searchable,
  scopes: { readonly identity: Scope; readonly contact: Scope },
): readonly IndexEntry[] {
  const phoneDigits = plainPhone(phone ?? '')
  return [
    ...(nhsNumber === undefined ? [] : [{ field: 'nhsNumber' as const, value: nhsNumber.replace(/[\s-]/g, ''), scope: scopes.identity }]),
    ...(name === undefined || dateOfBirth === undefined
      ? []
      : [{ field: 'foldedNameAndDateOfBirth' as const, value: `${foldedName(name)}|${dateOfBirth}`, scope: scopes.identity }]),
    ...(phoneDigits.length < 5 ? [] : [{ field: 'phone' as const, value: phoneDigits, scope: scopes.contact }]),
  ]
}

/** By what else somebody is found who was entered before names were folded as they are now, and not again since. */
export const entriesOfBefore = ({ name, dateOfBirth }: Searchable): readonly Pick<IndexEntry, 'field' | 'value'>[] =>
  name === undefined || dateOfBirth === undefined
    ? []
    : foldingsOfBefore(name).map(folded => ({ field: 'nameAndDateOfBirth', value: `${folded}|${dateOfBirth}` }))
