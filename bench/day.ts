import { type ChildProcess, fork } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { newId } from '#commands/ids'
import { trustLocalIssuer } from '#hosting/local-issuer'
import type { StaffRef, SubjectRef } from '#kernel/id'
import { followLog, projecting } from '#projections/postgres/follow-log'
import { projections } from '#read-models/all'
import { createApi } from '../apps/api/api.js'
import { issueTokenOn } from '../apps/cli/token.js'
import type { Asked, Asking } from './asking.js'
import { inventLives } from './people/invented-lives.js'
import { inventedPerson } from './people/invented-person.js'
import { type Measurement, limited } from './rate.js'
import { type Rig, onItsOwn, secondsOf } from './rig.js'

const each = 25
const seed = 7
const connections = 16
const seconds = 10
/** Milliseconds for 95 of 100 answers; people who are invented in less than this many seconds. */
const limits = { myDay: 60, caseView: 40, caseload: 80, search: 25, seed: 120 }

/** A worker's day, 16 at a time, in a service of so many people: what waits, whom they support, a record, somebody who is looked for. */
export const day = ({ people = 5_000 }: { readonly people?: number | undefined }): AsyncIterable<Measurement> =>
  onItsOwn(async function* (rig) {
    const { backend, dir } = rig
    const trust = trustLocalIssuer(dir.issuer)
    const api = await createApi(backend, trust, pino({ level: 'silent' }), { requestsPerSecond: 1_000_000 })
    await api.listen(0, '127.0.0.1')
    const reader = fork(join(dirname(fileURLToPath(import.meta.url)), 'asking.js'))
    try {
      const [url, token] = [await api.getUrl(), await issueTokenOn(backend, dir, 'ips-worker', 'bench-1')]
      const me = (await (await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).json()) as {
        readonly staffRef: StaffRef
      }
      const workers = [me.staffRef, ...Array.from({ length: Math.ceil(people / each) - 1 }, () => newId<'StaffRef'>())]
      let refs: readonly SubjectRef[] = []
      const took = await secondsOf(async () => {
        refs = await inventLives(backend, { people, seed, workers, supportedByEach: each })
      })
      yield limited('day', `seed, ${people} people`, took, limits.seed, 's')
      await projected(rig)
      const get = (paths: readonly string[]) => paths.map(path => ({ method: 'GET', path }) as const)
      const asked = (requests: Asking['requests']) => answered(reader, { url, token, requests, connections, seconds })
      const mine = refs.slice(0, each).map(ref => `/v1/subjects/${ref}/case?purpose=SERVICE_PROVISION`)
      const ms = async (which: string, requests: Asking['requests'], limit: number) =>
        limited('day', `${which}, p95, ${people} people`, (await asked(requests)).p95, limit, 'ms')
      const now = backend.clock.now()
      const looking = Array.from({ length: 100 }, (_, n) => {
        const { nhsNumber, name, dateOfBirth } = inventedPerson(seed, n % people, now)
        const known = nhsNumber === undefined ? { name, dateOfBirth } : { nhsNumber }
        return { method: 'POST', path: '/v1/subjects/search', body: JSON.stringify({ ...known, purpose: 'SERVICE_PROVISION' }) } as const
      })
      yield await ms('my day', get(['/v1/my-day']), limits.myDay)
      yield await ms('case view', get(mine), limits.caseView)
      yield await ms('caseload, 25 with names', get(['/v1/caseload?state=OPEN&limit=25&purpose=SERVICE_PROVISION']), limits.caseload)
      yield await ms('search', looking, limits.search)
    } finally {
      reader.kill()
      await api.close()
    }
  })

async function projected({ backend }: Rig) {
  const stop = new AbortController()
  const head = (await backend.store.head()) ?? 0n
  const following = followLog(backend, projecting(backend, projections), stop.signal)
  for (const { name } of projections) while (!(await backend.readModels.hasPassed(name, head)));
  stop.abort()
  await following
}

/** @throws Error when an answer was not as it should */
function answered(reader: ChildProcess, asking: Asking): Promise<Asked> {
  return new Promise((resolve, reject) => {
    reader.once('message', (asked: Asked) => {
      if (asked.failed > 0) reject(new Error(`${asked.failed} of ${asked.answered} answers were not as they should`))
      else resolve(asked)
    })
    reader.send(asking)
  })
}
