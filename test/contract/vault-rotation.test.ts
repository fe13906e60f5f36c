import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drillRestore } from '#key-keeping/restore-drill'
import { rolePasswords } from '#hosting/role-passwords'
import { rotateKeys } from '#key-keeping/rotate-keys'
import { AnotherRotation, type RotationStep } from '#subject-keys/postgres/rotation'
import { PostgresSubjectKeys } from '#subject-keys/postgres/postgres-subject-keys'
import { backUpVault, proveBackup } from '#subject-keys/postgres/vault-backup'
import { SealBroken, WrongKeyProvider } from '#subject-keys/subject-keys'
import { testServer } from '../support/database.js'
import { erase, refer, words } from '../support/people.js'
import { asAdmin, gone, openAll, placeOf, readable, restoreOver, rotate, sealedOf } from '../support/vault-life.js'
import { world } from '../support/world.js'

let w: Awaited<ReturnType<typeof world>>
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})

const file = (name: string) => join(w.folder, name)

describe('keys rotate', () => {
  test('everything live still opens; the old epoch’s key is gone, and an old copy opens nothing with today’s key folder', async () => {
    const [kept, erased] = [await refer(w), await refer(w)]
    await backUpVault(w.vault.sql, file('before'), w.clock.now())
    expect((await proveBackup(file('before'), w.vault.provider)).keys).toBe(4)
    await erase(w, erased)
    const keysBefore = readdirSync(w.dir.keys).filter(name => name.startsWith('epoch-'))
    expect(await rotate(w)).toEqual(['opened', 'rewrapped', 'rewrapped', 'backed-up', 'destroyed'])
    expect(await openAll(w, kept)).toEqual(readable)
    expect(await openAll(w, erased)).toEqual(gone)
    expect(existsSync(join(w.dir.keys, keysBefore[0] as string))).toBe(false)
    await expect(proveBackup(file('before'), w.vault.provider)).rejects.toBeInstanceOf(WrongKeyProvider)
    expect(readdirSync(w.dir.backups)).toHaveLength(1)
  })
  test('it says what it does, and how much; a second one beside it does not begin', async () => {
    await refer(w)
    await w.keys.reserve(randomUUID(), randomUUID(), [{ field: 'phone', value: 'a phone', scope: 'CON' }])
    const [[count], [live]] = [
      await w.vault.sql<
        { keys: number; tokens: number }[]
      >`select (select count(*)::int from vault.data_key) as keys, (select count(*)::int from vault.blind_index) as tokens`,
      await w.vault.sql<{ epoch: number }[]>`select max(epoch)::int as epoch from vault.epoch`,
    ]
    const steps: RotationStep[] = []
    const refused: unknown[] = []
    for await (const step of rotateKeys(w, w.dir)) {
      if (step.step === 'rewrapped')
        await rotate(w).catch((error: unknown) => {
          refused.push(error)
        })
      steps.push(step)
    }
    const [epoch, all] = [live!.epoch, { step: 'rewrapped', keys: count!.keys, tokens: count!.tokens }]
    expect(all.keys * all.tokens).toBeGreaterThan(0)
    expect(steps).toEqual([{ step: 'opened', epoch: epoch + 1 }, all, all, { step: 'backed-up' }, { step: 'destroyed', epoch }])
    expect([refused.length, refused[0]]).toEqual([2, expect.any(AnotherRotation)])
    expect((refused[0] as Error).message).toContain('Another rotation is going on')
  })
  test('another process that knows nothing of it mints, opens, reserves and finds all the while', async () => {
    const other = await PostgresSubjectKeys.start(w.vault.sql, { provider: w.vault.provider, journal: w.journal })
    const entry = (n: number) => ({ field: 'phone' as const, value: `0770090000${n}`, scope: 'CON' as const })
    const [before, after] = [randomUUID(), randomUUID()]
    await other.reserve(randomUUID(), before, [entry(1)])
    const subject = randomUUID()
    const {
      sealed: [early],
    } = await other.seal([{ subject, scope: 'REF', at: 'e|T.v1|f', plaintext: '"early"' }])
    let n = 0
    for await (const { step } of rotateKeys(w, w.dir)) {
      const { sealed } = await other.seal([{ subject: randomUUID(), scope: 'REF', at: 'e|T.v1|f', plaintext: '"x"' }])
      expect(sealed).toHaveLength(1)
      expect([step, (await other.find(entry(1))).map(match => match.subject)[0]]).toEqual([step, before])
      expect((await other.reserve(randomUUID(), after, [entry(1), entry(2 + n++)])).map(match => match.subject)).toEqual([before])
    }
    expect((await w.keys.find(entry(2))).map(match => match.subject)).toEqual([after])
    expect(await w.keys.open([{ subject, sealed: early!, declared: ['T|f'] }])).toEqual([{ known: 'early' }])
  })
  test('interrupted at any step it is finished by the next run, and nothing is destroyed before the back-up was proven', async () => {
    const person_ = await refer(w)
    for (const at of ['opened', 'rewrapped', 'backed-up', 'destroyed']) {
      for await (const { step } of rotateKeys(w, w.dir)) if (step === at) break
      expect(await openAll(w, person_)).toEqual(readable)
      const steps = await rotate(w)
      expect([at, steps.at(-1)]).toEqual([at, 'destroyed'])
      expect(await openAll(w, person_)).toEqual(readable)
    }
    const live = await w.vault.sql<{ n: number }[]>`select count(*)::int as n from vault.epoch where state <> 'DESTROYED'`
    expect(live[0]?.n).toBe(1)
    expect(readdirSync(w.dir.keys).filter(name => name.startsWith('epoch-'))).toHaveLength(1)
  })
  test('the back-up that it took is one that can be restored afterwards', async () => {
    const kept = await refer(w)
    await rotate(w)
    const [backup = ''] = readdirSync(w.dir.backups).map(name => join(w.dir.backups, name))
    expect((await proveBackup(backup, w.vault.provider)).keys).toBe(2)
    expect(await drillRestore(w, testServer(), rolePasswords(w.dir, testServer()), backup)).toMatchObject({
      keysRestored: 2,
      liveTried: 3,
      liveOpened: 3,
    })
    await restoreOver(w, backup)
    const again = await PostgresSubjectKeys.start(w.vault.sql, { provider: w.vault.provider, journal: w.journal })
    const [first] = await sealedOf(w, kept)
    expect(await again.open([{ subject: kept, sealed: first!, declared: placeOf(first!) }])).toEqual([{ known: words }])
  })
  test('a crash between the decision to destroy and the destruction is finished at the next start', async () => {
    await rotate(w)
    const [row] = await w.vault.sql<{ provider_key_id: string }[]>`select provider_key_id from vault.epoch where state = 'DESTROYED'`
    writeFileSync(join(w.dir.keys, `epoch-${row!.provider_key_id}.key`), 'left over')
    await w.vault.sql`update vault.epoch set destroyed_at = null where state = 'DESTROYED'`
    await PostgresSubjectKeys.start(w.vault.sql, { provider: w.vault.provider, journal: w.journal })
    expect(existsSync(join(w.dir.keys, `epoch-${row!.provider_key_id}.key`))).toBe(false)
  })
  test('a key that does not unwrap stops it, and the old epoch stays', async () => {
    const subjectRef = await refer(w)
    await asAdmin(
      w,
      sql =>
        sql`
          update vault.data_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)
          where subject = ${subjectRef} and scope = 'HLT'`,
    )
    await expect(rotate(w)).rejects.toBeInstanceOf(SealBroken)
    expect(readdirSync(w.dir.keys).filter(name => name.startsWith('epoch-'))).toHaveLength(2)
  })
})
