import { randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBackend } from '#backend/backend'
import type { RecordedEvent } from '#event-store/event-store'
import { type DataDir, dataDir } from '#hosting/data-dir'
import { stopsForGood } from '#hosting/own-process'
import { provision } from '#hosting/provision'
import { rolePasswords } from '#hosting/role-passwords'
import { NewerEvent } from '#kernel/newer-event'
import { listParked, unparkReadable } from '#projections/postgres/parking'
import { projections } from '#read-models/all'
import { asAdmin, testDatabase, testServer } from '../support/database.js'
import { aReferral, openDoors } from '../support/doors.js'
import { instead } from '../support/instead.js'
import { patient } from '../support/patience.js'
import { project } from '../support/world.js'

let folder: string
let dir: DataDir
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caseledger-release-'))
  dir = dataDir({ CASELEDGER_DATA_DIR: folder })
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})
const opened = async (urls: Parameters<typeof openBackend>[0]) => {
  await (await openBackend(urls, dir, { kind: 'postgres' })).close()
}

describe('a database that a newer release has migrated', () => {
  const newest = '3-commands/9999-not-thought-of-yet'
  const newer = async () => {
    const database = await testDatabase()
    await asAdmin(database.admin, sql => sql`insert into caseledger_migration values (${newest}, '2031-01-01T00:00:00.000Z')`)
    return database
  }
  const inWords = `This database was migrated by a newer release (${newest}). Start that release`

  test('is refused in words, and left as it is', async () => {
    const { admin, name, urls } = await newer()
    await expect(opened(urls)).rejects.toThrow(inWords)
    await expect(provision(admin, name, rolePasswords(dir, testServer()))).rejects.toThrow(inWords)
    expect(await asAdmin(admin, sql => sql`select from event_store.event`)).toHaveLength(0)
  })
  test('ends an API and a worker for good', async () => {
    const { urls } = await newer()
    for (const app of ['api', 'worker']) {
      const { status, stderr } = spawnSync(process.execPath, [join(process.cwd(), `dist/run/${app}/main.js`)], {
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          PORT: '0',
          CASELEDGER_DATA_DIR: folder,
          CASELEDGER_APP_DATABASE_URL: urls.app,
          CASELEDGER_VAULT_DATABASE_URL: urls.vault,
        },
        encoding: 'utf8',
        timeout: patient(50_000),
      })
      expect([status, stderr]).toEqual([stopsForGood, expect.stringContaining(inWords)])
    }
  })
})

test('a database that nobody has brought up to date is refused, with how that is done', async () => {
  const { admin, name, urls } = await testDatabase()
  await asAdmin(admin, sql => sql`delete from caseledger_migration where name like '8-%'`)
  await expect(opened(urls)).rejects.toThrow(/was not brought up to date for this release: start one process of it with DATABASE_URL/)
  await asAdmin(admin, sql => sql`revoke select on caseledger_migration from caseledger_app`)
  await expect(opened(urls)).rejects.toThrow(/was not brought up to date/)
  await provision(admin, name, rolePasswords(dir, testServer()))
  await opened(urls)
})

describe('an event that a newer release has written', () => {
  let doors: Awaited<ReturnType<typeof openDoors>>
  beforeEach(async () => {
    doors = await openDoors()
  })
  afterEach(() => doors.close())

  const referred = async () => String((await doors.tell('integration', 'referrals', aReferral)).body['subjectRef'])
  /** The last event of the person again, as another release might have it. */
  async function write(subjectRef: string, change: (last: RecordedEvent) => Partial<RecordedEvent>) {
    const last = (await doors.w.store.lastOf(`person-${subjectRef}`)) as RecordedEvent
    const { type, data, metadata } = { ...last, ...change(last) }
    await doors.w.store.append(`person-${subjectRef}`, last.revision, [{ id: randomUUID(), type, data, metadata }])
  }
  const wish = (subjectRef: string) =>
    doors.tell('back-office', `subjects/${subjectRef}/service-wish`, { outcome: 'WANTED', channel: 'PHONE' })
  const health = async () => {
    const { parts } = (await doors.api.inject({ url: '/health/ready' })).json<{ parts: { part: string; ready: boolean; why?: string }[] }>()
    return parts.find(({ part }) => part === 'release')
  }

  test.each<readonly [string, (last: RecordedEvent) => Partial<RecordedEvent>, string]>([
    ['of a type', ({ metadata }) => ({ type: 'ActionPlanAgreed', metadata: { ...metadata, schemaVersion: 1 } }), 'ActionPlanAgreed v1'],
    ['of a version', ({ metadata }) => ({ metadata: { ...metadata, schemaVersion: 77 } }), 'ServiceWishConfirmed v77'],
    ['with metadata of a form', ({ metadata }) => ({ metadata: { ...metadata, v: 2 } }), 'ServiceWishConfirmed with metadata v2'],
  ])('%s that this one does not know is said to be that, by each who comes upon it; others are served', async (_, change, what) => {
    const [newer, other] = [await referred(), await referred()]
    expect((await wish(newer)).status).toBe(200)
    expect(await health()).toEqual({ part: 'release', ready: true })
    await write(newer, change)
    const refusals = [await wish(newer), await doors.read('ips-worker', `subjects/${newer}/case?purpose=SERVICE_PROVISION`)]
    expect(refusals.map(({ status, body }) => [status, body['code']])).toEqual(refusals.map(() => [503, 'WRITTEN_BY_NEWER_RELEASE']))
    expect((await health())?.why).toContain(`a newer release wrote into the log what this one cannot read: ${what}. Start that release`)
    expect((await wish(other)).status).toBe(200)
  })
  test('stops the projections at its stream only, by its name, and a release that can read it goes on by itself', async () => {
    const [early, other] = [await referred(), await referred()]
    const { w } = doors
    const older = instead(w.codec, {
      decode: (recorded: RecordedEvent) => {
        if (recorded.stream === `person-${early}`) throw new NewerEvent(recorded.type, 'v1')
        return w.codec.decode(recorded)
      },
    })
    await project({ ...w, codec: older })
    expect(await listParked(w.sql)).toContainEqual(
      expect.objectContaining({ projection: 'case-view', stream: `person-${early}`, error: 'NewerEvent SubjectKeyCreated v1' }),
    )
    const shown = async (subjectRef: string) =>
      (await doors.read('ips-worker', `subjects/${subjectRef}/case?purpose=SERVICE_PROVISION`)).body['code']
    expect([await shown(early), await shown(other)]).toEqual(['WRITTEN_BY_NEWER_RELEASE', undefined])
    // This release can read it: nobody is told to start another.
    expect(await health()).toEqual({ part: 'release', ready: true })
    expect(await unparkReadable(w.sql, w.store, w.codec, projections)).toBeGreaterThan(0)
    expect([await listParked(w.sql), await shown(early)]).toEqual([[], undefined])
  })
})
