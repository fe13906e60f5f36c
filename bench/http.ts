import { type ChildProcess, fork } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Body, Controller, HttpCode } from '@nestjs/common'
import { pino } from 'pino'
import { examples } from '#domain/person/examples'
import { person } from '#domain/person/person'
import type { SubjectRef } from '#kernel/id'
import { accept } from '#kernel/result'
import type { PersonEvent } from '#domain/person/person'
import { newId } from '#commands/ids'
import { Commands } from '#nest/door'
import { TheRequest, type RequestFacts } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { trustLocalIssuer } from '#hosting/local-issuer'
import { systemFacts } from '#commands/machine-facts'
import { rolesThatMay } from '#policy/capabilities'
import { SubjectAnswer } from '../apps/api/answers.js'
import { ApiModule } from '../apps/api/api.module.js'
import { createApi } from '../apps/api/api.js'
import { DisclosureBody } from '../apps/api/bodies/disclosure.js'
import { issueTokenOn } from '../apps/cli/token.js'
import type { Load } from './load.js'
import { type Measurement, interleaved, measured } from './rate.js'
import { type Rig, onItsOwn } from './rig.js'

const people = 400
const connections = 16
const seconds = 4
const rounds = 5

/** A door that does nothing, behind the same guards, pipes, headers and limits, with the same body. */
@Controller('subjects/:subjectRef/nothing')
class NothingController {
  @Commands({
    path: '',
    creates: true,
    summary: 'Nothing',
    roles: rolesThatMay('REQUEST_DISCLOSURE', 'COMMAND'),
    refusals: [],
    answers: SubjectAnswer,
  })
  @HttpCode(201)
  nothing(@IdInPath('subjectRef') subjectRef: string, @Body() _body: DisclosureBody, @TheRequest() _told: RequestFacts) {
    return {
      subjectRef,
      disclosureId: subjectRef,
      state: 'QUEUED',
      revision: '1',
      position: '1',
      events: [
        { id: subjectRef, type: 'DisclosureAuthorised' },
        { id: subjectRef, type: 'DataShared' },
      ],
    }
  }
}

/**
 * DataShared over HTTP, all checks on, against a door that does nothing in the same application. The load comes from a process of its
 * own.
 */
export const http = (): AsyncIterable<Measurement> =>
  onItsOwn(async function* (rig) {
    const api = await serve(rig)
    try {
      const to = (path: string, forSeconds = seconds) => api.to(path, { connections, seconds: forSeconds })
      await to('nothing', 2)
      await to('disclosures', 2)
      yield measured(
        'http',
        'DataShared, 16 connections',
        await interleaved(
          rounds,
          () => to('nothing'),
          () => to('disclosures'),
        ),
        'requests/s',
      )
    } finally {
      await api.stop()
    }
  })

/**
 * The API in this process, with people to share data about. `to` answers requests a second that were answered as they should; it @throws
 * Error when any was not.
 */
export async function serve(
  rig: Rig,
): Promise<{
  readonly to: (path: string, load: Pick<Load, 'connections' | 'seconds' | 'perSecond'>) => Promise<number>
  readonly stop: () => Promise<void>
}> {
  const { backend, dir } = rig
  const log = pino({ level: 'silent' })
  const trust = trustLocalIssuer(dir.issuer)
  class BenchedApi {}
  const root = { module: BenchedApi, imports: [ApiModule.for(backend, trust, log)], controllers: [NothingController] }
  const api = await createApi(backend, trust, log, { requestsPerSecond: 1_000_000 }, root)
  await api.listen(0, '127.0.0.1')
  const client = fork(join(dirname(fileURLToPath(import.meta.url)), 'load.js'))
  const stop = async () => {
    client.kill()
    await api.close()
  }
  try {
    const refs = await referred(rig)
    const url = await api.getUrl()
    const token = await issueTokenOn(backend, dir, 'ips-worker', 'bench-1')
    return {
      to: (path, load) =>
        asked(client, { url, token, paths: refs.map(ref => `/v1/subjects/${ref}/${path}`), body: JSON.stringify(body), ...load }),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const body = {
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  necessity: 'To arrange an interview.',
  method: 'SECURE_EMAIL',
  confidentialityBasis: 'CONSENT',
  recipientContact: 'Odalys Brandt',
}

/** People who agreed that their employment data go to the Jobcentre. */
async function referred({ backend: { commands } }: Rig): Promise<readonly string[]> {
  const refs = Array.from({ length: people }, () => newId() as SubjectRef)
  const { ReferralReceived: referral, ServiceWishConfirmed: wish, PersonalDetailsRecorded: details, ConsentGranted: consent } = examples
  const decided = (subjectRef: SubjectRef): readonly PersonEvent[] => [
    { ...referral, data: { ...referral.data, subjectRef } },
    { ...wish, data: { ...wish.data, subjectRef } },
    { ...details, data: { ...details.data, subjectRef } },
    { ...consent, data: { ...consent.data, subjectRef } },
  ]
  await Promise.all(
    refs.map(ref =>
      commands.execute({
        aggregate: person,
        id: ref,
        facts: systemFacts({ purpose: 'SERVICE_PROVISION', correlationId: newId(), commandId: newId(), command: 'Bench' }),
        decide: () => accept(decided(ref)),
      }),
    ),
  )
  return refs
}

/** Requests a second that were answered as they should. @throws Error when any was not. */
function asked(client: ChildProcess, load: Load): Promise<number> {
  return new Promise((resolve, reject) => {
    client.once('message', (said: { readonly perSecond: number; readonly failed: number }) => {
      if (said.failed > 0) reject(new Error(`${said.failed} requests failed`))
      else resolve(said.perSecond)
    })
    client.send(load)
  })
}
