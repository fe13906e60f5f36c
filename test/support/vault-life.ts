import { person } from '#domain/person/person'
import { type KeyPlace, reconcileKeys } from '#key-keeping/reconcile-keys'
import { rotateKeys } from '#key-keeping/rotate-keys'
import type { SubjectRef } from '#kernel/id'
import type { Sealed } from '#kernel/personal'
import { sealedValuesIn } from '#event-codec/walk'
import { restoreVault } from '#subject-keys/postgres/vault-backup'
import type { Opened } from '#subject-keys/subject-keys'
import { type client, asAdmin as asAdminOf } from './database.js'
import { words } from './people.js'
import type { world } from './world.js'

export type World = Awaited<ReturnType<typeof world>>

/** What is sealed in a person’s stream, in its order. */
export async function sealedOf(w: World, subjectRef: SubjectRef): Promise<readonly Sealed[]> {
  const found: Sealed[] = []
  for await (const event of w.store.readStream(`person-${subjectRef}`)) found.push(...sealedValuesIn(w.codec.decode(event).data))
  return found
}
export const placeOf = ({ at }: Sealed) => {
  const [, type = '', path = ''] = at.split('|')
  return [`${type.replace(/\.v\d+$/, '')}|${path}`]
}
/** The values of the referral and the health data. */
export async function openAll(w: World, subjectRef: SubjectRef): Promise<readonly Opened[]> {
  return w.keys.open(
    (await sealedOf(w, subjectRef)).slice(0, 3).map(sealed => ({ subject: subjectRef, sealed, declared: placeOf(sealed) })),
  )
}
/** What it reserved is settled. */
export const recordedCommand = async (w: World, subjectRef: SubjectRef) =>
  [...(await w.folds.load(person, subjectRef)).commands.keys()][0] as string
export const readable = [{ known: words }, { known: words }, { known: words }]
export const gone = ['erased', 'erased', 'erased']
/** The steps that it told. */
export async function rotate(w: World) {
  const steps: string[] = []
  for await (const { step } of rotateKeys(w, w.dir)) steps.push(step)
  return steps
}
export const asAdmin = <T>(w: World, work: (sql: ReturnType<typeof client>) => Promise<T>) => asAdminOf(w.database.admin, work)
/** The vault comes back from a back-up, under the feet of the running service. */
export async function restoreOver(w: World, backup: string) {
  await asAdmin(
    w,
    sql =>
      sql`truncate vault.data_key, vault.closed_scope, vault.destroyed_key, vault.blind_index, vault.lost_key, vault.gate, vault.epoch`,
  )
  await restoreVault(w.vault.sql, backup)
  w.keys.doubt()
}
/** How many keys of each person are lost, undead or orphans; the evidence of a request has a retention of its own and is left out. */
export async function reconciled(w: World) {
  const found = await reconcileKeys(w)
  const counted = (keys: readonly KeyPlace[]): Readonly<Record<string, number>> =>
    Object.fromEntries(
      [...new Set(keys.map(({ subject }) => subject))]
        .map(subject => [subject, keys.filter(key => key.subject === subject && key.scope !== 'EVID').length] as const)
        .filter(([, n]) => n !== 0),
    )
  return {
    lost: counted(found.lost),
    undead: counted(found.undead),
    orphans: counted(found.orphans),
    erased: found.erased,
    fencesLost: found.fencesLost.length,
  }
}
export const rewindLogTo = (w: World, position: bigint) =>
  asAdmin(w, sql => sql`delete from event_store.event where position > ${String(position)}`)
