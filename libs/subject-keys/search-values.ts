import type { Scope } from '#event-kit/scope'
import type { IndexEntry } from './subject-keys.js'

/** What people can be found by: exact values, normalised so that spelling habits do not hide a person. */
export type Searchable = {
  readonly name?: string | undefined
  readonly dateOfBirth?: string | undefined
  readonly nhsNumber?: string | undefined
  readonly phone?: string | undefined
}

const plainName = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
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
      : [{ field: 'nameAndDateOfBirth' as const, value: `${plainName(name)}|${dateOfBirth}`, scope: scopes.identity }]),
    ...(phoneDigits.length < 5 ? [] : [{ field: 'phone' as const, value: phoneDigits, scope: scopes.contact }]),
  ]
}
