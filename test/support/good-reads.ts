import type { StaffRole } from '#kernel/actor'

export type GoodRead = { readonly role: StaffRole; readonly url: string }
/** What an answer and its address named, by the names of ids in paths. */
export type Ids = Readonly<Record<string, unknown>>

/** Which query a door is asked with, and by whom, where it is not by the first who may and without one. */
const asked: Readonly<Record<string, Partial<GoodRead>>> = {
  '/v1/subjects/{subjectRef}/case': { role: 'ips-worker', url: '?purpose=EMPLOYMENT_SUPPORT' },
  '/v1/subjects/{subjectRef}/disclosures/{disclosureId}/words': { role: 'caldicott' },
  '/v1/subjects/{subjectRef}/facts/{factId}/words': { role: 'ips-worker', url: '?purpose=RISK_MANAGEMENT' },
  '/v1/incidents/{incidentId}': { role: 'team-leader' },
  '/v1/incidents/{incidentId}/access': { role: 'team-leader' },
  '/v1/events': { role: 'auditor', url: '?limit=1' },
}
/** The reads that are good once something was made: of every door that answers JSON, by its path. */
export function goodRead(path: string, roles: readonly string[], made: readonly Ids[]): GoodRead {
  const { role, url = '' } = asked[path] ?? {}
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, id = '']) => id)
  // What belongs together was named together.
  const known = made.findLast(one => ids.every(id => id in one)) ?? {}
  const at = path.replace(/^\/v1\//, '').replace(/\{(\w+)\}/g, (_, id: string) => String(known[id]))
  return { role: role ?? (roles.find(one => one !== 'auditor') as StaffRole | undefined) ?? 'auditor', url: `${at}${url}` }
}
