import type { Answer } from '../support/standalone.js'
import { type Service, fuzz } from './fuzz.js'
import { canary } from './values.js'

const document = {
  paths: {
    '/v1/things': {
      post: { 'x-roles': ['dpo'], requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
    },
  },
  components: { schemas: { Thing: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } } },
}
type Reply = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }
const answerOf = ({ status, body }: Reply): Answer => ({
  status,
  body,
  text: JSON.stringify(body),
  headers: new Headers({ 'content-type': status >= 400 ? 'application/problem+json' : 'application/json' }),
})

/** A service that answers every command alike, with these events on its log. */
const service = (reply: Reply, log: readonly { readonly id: string; readonly type: string; readonly stream: string }[] = []): Service => {
  let asked = false
  return {
    call: (_, path) => {
      if (path === '/openapi.json') return Promise.resolve(answerOf({ status: 200, body: document }))
      asked ||= path.startsWith('/v1/things')
      return Promise.resolve(answerOf(path.startsWith('/v1/things') ? reply : { status: 200, body: {} }))
    },
    get: () => Promise.resolve(answerOf({ status: 200, body: { items: asked ? log : [] } })),
    token: role => role,
    until: ask => ask(),
  }
}
const refusal = { status: 403, body: { code: 'ROLE_NOT_PERMITTED' } }
const findings = async (s: Service) => [...new Set((await fuzz(s, { seed: 3, requests: 40 })).findings.map(({ what }) => what))]

test.each<readonly [string, Reply, Parameters<typeof service>[1], readonly string[]]>([
  ['a service that refuses as it should', refusal, [], []],
  ['a server’s error', { status: 500, body: { code: 'INTERNAL_ERROR' } }, [], ["a server's error: INTERNAL_ERROR"]],
  ['a refusal without a code of ours', { status: 400, body: { code: 'OOPS' } }, [], ['a refusal that is none of ours']],
  ['an echo', { status: 403, body: { code: 'ROLE_NOT_PERMITTED', rule: canary } }, [], ['an echo']],
  ['a command for everybody', { status: 201, body: {} }, [], ['it was allowed to a role that may not']],
  [
    'an event of a command that was refused',
    refusal,
    [{ id: 'a', type: 'DataShared', stream: 'person-x' }],
    ['a DataShared that no answer names'],
  ],
  [
    'the record of a refusal, and what the machinery adds',
    refusal,
    [
      { id: 'a', type: 'CommandRefused', stream: 'refusal-x' },
      { id: 'b', type: 'SubjectKeyCreated', stream: 'person-x' },
    ],
    [],
  ],
  [
    'an event that was said to be stored and is not',
    { status: 201, body: { events: [{ id: 'gone' }] } },
    [],
    ['it was allowed to a role that may not', 'an event that an answer names and the log does not hold'],
  ],
])('%s', async (_, reply, log, expected) => {
  expect(await findings(service(reply, log))).toEqual(expected)
})
