import type { StaffRole } from '#kernel/actor'
import type { GoodRequest } from './good-request.js'

/** What has to be there first, made over HTTP. */
type Preparing = {
  readonly made: (role: StaffRole, url: string, body: object, name: string) => Promise<string>
  readonly referred: () => Promise<string>
  readonly tell: (role: StaffRole, url: string, body: object) => Promise<{ readonly body: Readonly<Record<string, unknown>> }>
}
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()
const words = 'As she told it herself.'
const since = { from: '2026-03-02', words }
const known = { ...since, until: '2090-03-01' }
const alleged = { ...since, status: 'ALLEGED' }
const ending = { endedOn: '2026-07-31', words }
const work = { category: 'EMP', items: { skills: 'bees' }, provenance: 'PERSON' }
const died = () => ({ diedOn: '2026-07-31', learntAt: hourAgo(), words })

/** For the doors of what is held and what stands about somebody. */
export function goodRecord({ made, referred, tell }: Preparing): Readonly<Record<string, () => Promise<GoodRequest>>> {
  const good = (url: string, body: object, status = 200): GoodRequest => ({ role: 'ips-worker', url, body, status })
  const make = (url: string, body: object, name: string) => made('ips-worker', url, body, name)
  async function offender() {
    const about = await referred()
    await make(`${about}/offender-status`, alleged, 'factId')
    return about
  }
  /** A fact and its end, of whoever it may be recorded of. */
  const pair = (of: string, about: () => Promise<string>, body: object, end: object = ending, closes = 'end') => ({
    [`/v1/subjects/{subjectRef}/${of}`]: async () => good(`${await about()}/${of}`, body, 201),
    [`/v1/subjects/{subjectRef}/${of}/{factId}/${closes}`]: async () => {
      const all = `${await about()}/${of}`
      return good(`${all}/${await make(all, body, 'factId')}/${closes}`, end)
    },
  })
  const single = (of: string, about: () => Promise<string>, body: object) => ({
    [`/v1/subjects/{subjectRef}/${of}`]: async () => good(`${await about()}/${of}`, body, 201),
  })
  const concern = { raisedAt: '2026-11-24T10:00:00Z', words }
  const closing = () => ({ closedAt: hourAgo(), outcome: 'REFERRED', words })
  return {
    ...single('offender-status', referred, alleged),
    ...pair('cj-orders', offender, known),
    ...pair('panel-listings', referred, { ...known, panel: 'MARAC' }),
    ...pair('cj-interventions', offender, known),
    ...single('custody-events', offender, { ...since, step: 'RELEASED' }),
    ...single('reoffending-risk', offender, { ...since, level: 'HIGH' }),
    ...single('serious-risk', referred, { ...since, who: 'THEMSELVES' }),
    ...pair('vulnerabilities', referred, known),
    ...pair('safeguarding-concerns', referred, concern, closing(), 'closing'),
    '/v1/subjects/{subjectRef}/death': async () => good(`${await referred()}/death`, died(), 201),
    '/v1/subjects/{subjectRef}/death/correction': async () => {
      const death = `${await referred()}/death`
      await make(death, died(), 'factId')
      return good(`${death}/correction`, { diedOn: '2026-07-30', words })
    },
    '/v1/subjects/{subjectRef}/details': async () => good(`${await referred()}/details`, work),
    '/v1/subjects/{subjectRef}/details/correction': async () => {
      const details = `${await referred()}/details`
      await make(details, work, 'subjectRef')
      return good(`${details}/correction`, { ...work, items: { skills: 'bees, and honey' } })
    },
    '/v1/subjects/{subjectRef}/demographics': async () =>
      good(`${await referred()}/demographics`, { category: 'DEM-G', items: { sex: 'FEMALE' }, declined: ['gender'], provenance: 'PERSON' }),
    '/v1/subjects/{subjectRef}/offence-data': async () =>
      good(`${await offender()}/offence-data`, {
        category: 'CRM',
        items: { offences: 'Theft, seven years ago.' },
        provenance: 'PERSON',
        about: 'THE_PERSON',
        condition: 'para-2',
      }),
    '/v1/subjects/{subjectRef}/equality-opt-out': async () =>
      good(`${await referred()}/equality-opt-out`, { channel: 'LETTER', receivedAt: hourAgo() }),
    '/v1/subjects/{subjectRef}/equality-opt-out/end': async () =>
      good(`${await referred()}/equality-opt-out/end`, { channel: 'PHONE', saidAt: hourAgo() }),
    '/v1/subjects/{subjectRef}/recorded-in-error': async () => {
      const about = await referred()
      const { events } = (await tell('ips-worker', `${about}/details`, work)).body as {
        readonly events: readonly { readonly id: string }[]
      }
      return good(`${about}/recorded-in-error`, { withdrawn: events[0]?.id, markedAt: hourAgo(), reasons: 'It was about somebody else.' })
    },
  }
}
