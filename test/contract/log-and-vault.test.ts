import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventStoreDbEventStore } from '#event-store/eventstoredb/eventstoredb-event-store'
import type { EventStore } from '#event-store/event-store'
import { type Backend, openBackend } from '#backend/backend'
import { bindLogAndVault } from '#backend/log-and-vault'
import type { DatabaseUrls } from '#hosting/role-passwords'
import { type DataDir, dataDir } from '#hosting/data-dir'
import { WrongLog } from '#hosting/wrong-log'
import type { EventStoreChoice } from '#hosting/settings'
import { publishFirstPolicyPack } from '#backend/first-policy-pack'
import { backUpVault, restoreVault } from '#subject-keys/postgres/vault-backup'
import { asAdmin, testDatabase } from '../support/database.js'
import { eventStoreDbServer, newNamespace } from '../support/eventstoredb.js'
import { approvedErasure, erasureParts, refer } from '../support/people.js'
import { carryOutErasure } from '#processes/erasure'
import { project } from '../support/world.js'

const server = await eventStoreDbServer()
const folder = mkdtempSync(join(tmpdir(), 'caseledger-log-and-vault-'))
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  if (!('none' in server)) await server.stop()
})
const kinds = ['postgres', ...('none' in server ? [] : ['eventstoredb'])] as const
if ('none' in server)
  describe('log and vault [eventstoredb]', () => {
    test.skip(server.none, () => undefined)
  })

/** An installation that can be started again and again. */
type Installation = { readonly urls: DatabaseUrls; readonly admin: string; readonly dir: DataDir; readonly choice: EventStoreChoice }
let made = 0

describe.each(kinds)('log and vault [%s]', kind => {
  const choiceOf = (): EventStoreChoice =>
    kind === 'postgres' || 'none' in server ? { kind: 'postgres' } : { kind: 'eventstoredb', url: server.url, namespace: newNamespace() }
  async function installation(): Promise<Installation> {
    const { urls, admin } = await testDatabase()
    return { urls, admin, dir: dataDir({ CASELEDGER_DATA_DIR: join(folder, String(++made)) }), choice: choiceOf() }
  }
  /** The log of one, and the vault of another. */
  const mixed = (log: Installation, vault: Installation): Installation => ({
    urls: { app: log.urls.app, vault: vault.urls.vault },
    admin: vault.admin,
    dir: vault.dir,
    choice: log.choice,
  })
  async function running<T>(
    { urls, dir, choice }: Installation,
    work: (backend: Backend) => Promise<T>,
    which?: Parameters<typeof openBackend>[3],
  ): Promise<T> {
    const backend = await openBackend(urls, dir, choice, which)
    try {
      return await work(backend)
    } finally {
      await backend.close()
    }
  }
  const nothing = () => Promise.resolve()
  const types = async ({ store }: Pick<Backend, 'store'>) => {
    const found: string[] = []
    for await (const { type } of store.readAll()) found.push(type)
    return found
  }
  const headOf = (one: Installation) => running(one, ({ store }) => store.head(), 'unchecked')
  const markOf = ({ admin }: Installation) =>
    asAdmin(admin, async sql => {
      const [row] = await sql`select vault_id, log_id, store, namespace from vault.mark`
      return row
    })
  /** As it was before there were marks. */
  const forgetMark = ({ admin }: Installation) =>
    asAdmin(admin, sql => sql`update vault.mark set vault_id = null, log_id = null, store = null, namespace = null`)

  test('a new installation’s log begins with its name; a second start adds nothing', async () => {
    const one = await installation()
    await running(one, async backend => {
      expect(await types(backend)).toEqual(['InstallationBegun'])
    })
    await running(one, async backend => {
      expect(await types(backend)).toEqual(['InstallationBegun'])
    })
    expect(await markOf(one)).toMatchObject({ store: kind, namespace: one.choice.kind === 'eventstoredb' ? one.choice.namespace : null })
  })
  test('two processes that begin at once agree on the name', async () => {
    const one = await installation()
    await Promise.all([running(one, nothing), running(one, nothing)])
    await running(one, async backend => {
      expect(await types(backend)).toEqual(['InstallationBegun'])
    })
  })
  test('a process that looks at the vault before another names both agrees as well', async () => {
    const one = await installation()
    await running(
      one,
      async ({ store, codec, vault, clock }) => {
        const parts = { store, codec, vault: vault.sql, clock }
        let first = true
        const late: Pick<EventStore, 'append' | 'readAll' | 'readStream'> = {
          append: (...args: Parameters<EventStore['append']>) => store.append(...args),
          readAll: (...args: Parameters<EventStore['readAll']>) => store.readAll(...args),
          async *readStream(...args: Parameters<EventStore['readStream']>) {
            if (first) await bindLogAndVault(parts, one.choice, 'own')
            first = false
            yield* store.readStream(...args)
          },
        }
        await bindLogAndVault({ ...parts, store: late as EventStore }, one.choice, 'own')
        expect(await types({ store })).toEqual(['InstallationBegun'])
      },
      'unchecked',
    )
  })
  test('another vault is refused before it writes anything to the log, or hears it', async () => {
    const [one, other] = [await installation(), await installation()]
    await running(one, refer)
    const head = await headOf(one)
    await expect(running(mixed(one, other), nothing)).rejects.toThrow(/names another vault: it belongs to another installation/)
    expect(await headOf(one)).toBe(head)
    expect(await asAdmin(other.admin, sql => sql`select from vault.lost_key union all select from vault.gate`)).toHaveLength(0)
    expect((await markOf(other))?.['log_id']).toBeNull()
  })
  test('another log is refused, where it has a name and where it has none', async () => {
    const [one, other, empty] = [await installation(), await installation(), await installation()]
    for (const installed of [one, other]) await running(installed, nothing)
    await expect(running({ ...mixed(other, one), choice: other.choice }, nothing)).rejects.toBeInstanceOf(WrongLog)
    await expect(running(mixed(empty, one), nothing)).rejects.toBeInstanceOf(WrongLog)
    expect(await running(empty, ({ store }) => store.head(), 'unchecked')).toBeUndefined()
  })
  test('an installation from before there were names gets one; a stranger gets none, also of an empty log', async () => {
    const [one, stranger, empty] = [await installation(), await installation(), await installation()]
    const old = async () => {
      await running(one, refer, 'unchecked')
      await forgetMark(one)
    }
    await old()
    const head = await headOf(one)
    await expect(running(mixed(one, stranger), nothing)).rejects.toThrow(/holds none of the keys that the log in .* announces/)
    await expect(running(mixed(empty, one), nothing)).rejects.toThrow(/announces no key: it is another log, or an empty one/)
    expect(await headOf(one)).toBe(head)
    await running(one, async backend => {
      expect((await types(backend)).at(-1)).toBe('InstallationBegun')
    })
    await expect(running(mixed(one, stranger), nothing)).rejects.toThrow(/names another vault/)
  })
  test('an installation from before there were names that has no key yet gets one over the log that it heard, and no other', async () => {
    const [one, empty] = [await installation(), await installation()]
    await running(
      one,
      async backend => {
        await publishFirstPolicyPack(backend)
        await backend.keys.passGate()
      },
      'unchecked',
    )
    await forgetMark(one)
    await expect(running(mixed(empty, one), nothing)).rejects.toThrow(/another log, or an empty one/)
    await running(one, async backend => {
      expect((await types(backend)).at(-1)).toBe('InstallationBegun')
    })
  })
  test('who only looks is told what is wrong, and writes nothing', async () => {
    const [one, other] = [await installation(), await installation()]
    await running(one, nothing, 'look')
    expect([await headOf(one), (await markOf(one))?.['log_id']]).toEqual([undefined, null])
    await running(one, nothing)
    await expect(running(mixed(one, other), nothing, 'look')).rejects.toBeInstanceOf(WrongLog)
  })
  test('one that died between naming the log and marking the vault finds both again; so does a vault from before marks', async () => {
    const one = await installation()
    await running(one, refer)
    const mark = await markOf(one)
    await asAdmin(one.admin, sql => sql`update vault.mark set log_id = null, store = null, namespace = null`)
    await running(one, nothing)
    expect(await markOf(one)).toEqual(mark)
    await forgetMark(one)
    await running(one, nothing)
    expect(await markOf(one)).toEqual(mark)
  })
  test('a back-up of the vault brings its mark along', async () => {
    const [one, fresh] = [await installation(), await installation()]
    const file = join(folder, `vault-${made}.jsonl`)
    await running(one, async backend => {
      await refer(backend)
      await backUpVault(backend.vault.sql, file, '2026-11-01T09:00:00.000Z')
    })
    const restored = { ...mixed(one, fresh), dir: one.dir }
    await expect(running(restored, nothing)).rejects.toBeInstanceOf(WrongLog)
    await running(restored, ({ vault }) => restoreVault(vault.sql, file), 'unchecked')
    await running(restored, nothing)
    expect(await markOf(fresh)).toEqual(await markOf(one))
  })
  test('an erasure is certified only while log and vault name each other', async () => {
    const one = await installation()
    await running(one, async backend => {
      const subjectRef = await refer(backend)
      const work = await approvedErasure(backend, subjectRef)
      const { vault_id: was } = (await markOf(one)) as { vault_id: string }
      const [another, again] = [
        () => asAdmin(one.admin, sql => sql`update vault.mark set vault_id = gen_random_uuid()`),
        () => asAdmin(one.admin, sql => sql`update vault.mark set vault_id = ${was}`),
      ]
      await another()
      await expect(carryOutErasure(work, erasureParts(backend))).rejects.toBeInstanceOf(WrongLog)
      for (const type of ['ErasureFenced', 'SubjectKeyDestroyed']) expect(await types(backend)).not.toContain(type)
      await again()
      await expect(carryOutErasure(work, erasureParts(backend))).rejects.toThrow(/has not passed the fence/)
      await project(backend)
      await another()
      await expect(carryOutErasure(work, erasureParts(backend))).rejects.toBeInstanceOf(WrongLog)
      expect(await types(backend)).not.toContain('ErasureCompleted')
      await again()
      await project(backend)
      await carryOutErasure(work, erasureParts(backend))
      expect(await types(backend)).toContain('ErasureCompleted')
    })
  })
})

describe('started with another store or namespace than the installation’s', () => {
  test('it says with which, names the settings, and touches nothing', async () => {
    const { urls, admin } = await testDatabase()
    const dir = dataDir({ CASELEDGER_DATA_DIR: join(folder, 'moved') })
    await asAdmin(admin, sql => sql`update vault.mark set log_id = gen_random_uuid(), store = 'eventstoredb', namespace = 'north'`)
    const started = async (choice: EventStoreChoice, which: 'own' | 'older' = 'own') => {
      await (await openBackend(urls, dir, choice, which)).close()
    }
    const nobody = 'esdb://127.0.0.1:9?tls=false'
    for (const which of ['own', 'older'] as const) {
      await expect(started({ kind: 'postgres' }, which)).rejects.toThrow(
        'This installation keeps its log in EventStoreDB (namespace north), and it was started with PostgreSQL. '
          + 'Set CASELEDGER_EVENT_STORE=eventstoredb, EVENTSTOREDB_URL, and CASELEDGER_EVENT_STORE_NAMESPACE=north.',
      )
      await expect(started({ kind: 'eventstoredb', url: nobody, namespace: 'south' }, which)).rejects.toThrow(
        'started with EventStoreDB (namespace south)',
      )
      await expect(started({ kind: 'eventstoredb', url: nobody, namespace: undefined }, which)).rejects.toThrow(
        'started with EventStoreDB (without a namespace)',
      )
    }
    expect(await asAdmin(admin, sql => sql`select from event_store.event`)).toHaveLength(0)
    await asAdmin(admin, sql => sql`update vault.mark set store = 'postgres', namespace = null`)
    await expect(started({ kind: 'eventstoredb', url: nobody, namespace: undefined })).rejects.toThrow(
      'Take CASELEDGER_EVENT_STORE out of the settings, or set it to postgres.',
    )
    await expect(started({ kind: 'postgres' })).rejects.toThrow('it does not begin with its name')
  })
  test('a copy of the log from before it had a name is bound again when it is said to be one, and no other', async () => {
    const { urls, admin } = await testDatabase()
    const dir = dataDir({ CASELEDGER_DATA_DIR: join(folder, 'older') })
    const started = async (which: 'own' | 'older') => {
      const backend = await openBackend(urls, dir, { kind: 'postgres' }, which)
      try {
        return await backend.store.lastOf('installation-log')
      } finally {
        await backend.close()
      }
    }
    const backend = await openBackend(urls, dir, { kind: 'postgres' })
    await refer(backend)
    await backend.close()
    await asAdmin(admin, sql => sql`delete from event_store.event where stream = 'installation-log'`)
    await expect(started('own')).rejects.toThrow('caseledger recover --older-log')
    expect((await started('older'))?.type).toBe('InstallationBegun')
    await asAdmin(admin, sql => sql`delete from event_store.event`)
    await expect(started('older')).rejects.toThrow('it is another log, or an empty one')
  })
})

if (!('none' in server)) {
  test('one that is started with the namespace of another installation leaves no trace there', async () => {
    const { urls } = await testDatabase()
    const [dir, choice] = [
      dataDir({ CASELEDGER_DATA_DIR: join(folder, 'namespaces') }),
      { kind: 'eventstoredb' as const, url: server.url, namespace: newNamespace() },
    ]
    await (await openBackend(urls, dir, choice)).close()
    const namespace = newNamespace()
    await expect(openBackend(urls, dir, { ...choice, namespace })).rejects.toBeInstanceOf(WrongLog)
    const other = new EventStoreDbEventStore({ url: server.url, namespace })
    try {
      expect(await other.whole.damageTo('installation-log')).toBeUndefined()
      expect(await other.head()).toBeUndefined()
    } finally {
      await other.close()
    }
  })
}
