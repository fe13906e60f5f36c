import { randomUUID } from 'node:crypto'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { type Logger, pino } from 'pino'
import type { DecodedEvent } from '#event-codec/codec'
import { trustLocalIssuer } from '#hosting/local-issuer'
import type { StaffRole } from '#kernel/actor'
import { type Clock, systemClock } from '#kernel/clock'
import { createApi } from '../../apps/api/api.js'
import { issueTokenOn } from '../../apps/cli/token.js'
import { assertAsDocumented } from './as-documented.js'
import { noLimits } from './no-limits.js'
import { project, world } from './world.js'

const isJson = (type: unknown) => /json(;|$)/.test(String(type))

type World = Awaited<ReturnType<typeof world>>
export type Answer = {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
}
export type Asking = { readonly key?: string; readonly headers?: Readonly<Record<string, string>>; readonly staff?: string }

type Recorded = DecodedEvent & { readonly data: Readonly<Record<string, unknown>> }

/** The doors of a service, in this process and on a database of its own: what each answers to whom, with nothing else running. */
export async function openDoors({
  clock = systemClock,
  log = pino({ level: 'silent' }),
}: { readonly clock?: Clock; readonly log?: Logger } = {}) {
  const w: World = await world()
  const api: NestFastifyApplication = await createApi({ ...w, clock }, trustLocalIssuer(w.dir.issuer), log, noLimits)
  await api.init()
  await api.getHttpAdapter().getInstance().ready()
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (role: StaffRole, staff: string) => {
    const known = tokens.get(`${role} ${staff}`) ?? issueTokenOn(w, w.dir, role, staff)
    tokens.set(`${role} ${staff}`, known)
    return known
  }
  async function ask(role: StaffRole, method: 'GET' | 'POST', url: string, body?: object, { key, headers, staff }: Asking = {}) {
    const answer = await api.inject({
      method,
      url: `/v1/${url}`,
      headers: {
        authorization: `Bearer ${await tokenOf(role, staff ?? `${role}-1`)}`,
        ...(method === 'POST' ? { 'idempotency-key': key ?? randomUUID() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    })
    assertAsDocumented({
      method,
      path: `/v1/${url}`,
      status: answer.statusCode,
      header: name => answer.headers[name.toLowerCase()] as string | undefined,
      body: isJson(answer.headers['content-type']) ? answer.json() : undefined,
    })
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json(), headers: answer.headers } as Answer
  }
  return {
    w,
    api,
    tell: (role: StaffRole, url: string, body: object, asking?: Asking) => ask(role, 'POST', url, body, asking),
    read: (role: StaffRole, url: string, asking?: Asking) => ask(role, 'GET', url, undefined, asking),
    now: () => clock.now(),
    /** Every read model has passed what is in the log now. */
    shown: () => project(w),
    /** The events of a stream, as stored. */
    async history(stream: string) {
      const events = []
      for await (const stored of w.store.readStream(stream)) events.push(w.codec.decode(stored))
      return events
    },
    /**
     * The events of a type that are so, once there are so many after a position: what is put on record beside an answer is waited for.
     */
    async onRecord(type: string, isSo: (event: Recorded) => boolean = () => true, { atLeast = 1, after = 0n } = {}) {
      for (;;) {
        const found: Recorded[] = []
        for await (const stored of w.store.readAll({ after })) if (stored.type === type) found.push(w.codec.decode(stored) as Recorded)
        const such = found.filter(isSo)
        if (such.length >= atLeast) return such
        await new Promise(setImmediate)
      }
    },
    async close() {
      await api.close()
      await w.end()
    },
  }
}

/** A referral that anybody could have made, of an invented person. */
export const aReferral = {
  source: 'SELF',
  channel: 'PHONE',
  serviceArea: 'GATESHEAD',
  receivedAt: '2026-11-20T10:00:00Z',
  serviceWish: 'YES',
  person: { name: 'Marigold Penhaligon' },
} as const
/** A form on which somebody lets the Jobcentre know of their work. */
export const aSharingForm = {
  formVersion: 'SCF-1',
  completedAt: '2026-11-20T10:00:00Z',
  method: 'WET_SIGNATURE',
  rows: [{ recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }],
} as const
