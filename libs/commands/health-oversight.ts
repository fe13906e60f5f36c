import { healthOverseers } from '#domain/staff/health-oversight'
import { type Organisation, type Staff, appointedTo, organisation, staff } from '#domain/staff/staff'
import type { StaffRef } from '#kernel/id'
import type { StreamFolds } from './folds.js'

/** C18: who oversees health data now, as the log has it, and what is known of them. */
export async function healthOversight(folds: Pick<StreamFolds, 'load'>, now: string) {
  const { state: organised }: { readonly state: Organisation } = await folds.load(organisation, 'main')
  const appointed = appointedTo('health-overseer', organised, now)
  const members: ReadonlyMap<StaffRef, Staff> = new Map(
    await Promise.all(appointed.map(async one => [one, (await folds.load(staff, one)).state] as const)),
  )
  return { organised, members, overseers: healthOverseers(organised, members, now) }
}
