import createClient, { type Client } from 'openapi-fetch'
import type { Part } from '#backend/health'
import { askedAgain, mayBeRepeated } from '#hosting/asked-again'
import type { components, paths } from '../../generated/api.js'

/** The API by its own document: what it does not have does not compile. */
export type Api = Client<paths>
/** What the API takes and answers, by the names of its document. */
export type Schemas = components['schemas']
type Answered<T> = { readonly data?: T; readonly error?: unknown; readonly response: Response }
type Question<T> = (api: Api) => Promise<Answered<T>>

export const apiOf = (
  origin: string,
  headers: Readonly<Record<string, string>>,
  send: (request: Request) => Promise<Response> = fetch,
): Api => createClient<paths>({ baseUrl: origin, headers: { ...headers, Accept: 'application/json' }, fetch: send })

/** The service answered, and refused: in its own words, which never hold what was asked. */
export class ServiceRefused extends Error {}
/** Nothing answers there. */
export class ServiceUnreachable extends Error {
  constructor(url: string) {
    super(`No Caseledger answers at ${url}.`)
  }
}
const patience = 30_000
const isObject = (body: unknown): body is Readonly<Record<string, unknown>> => body !== null && typeof body === 'object'
const isList = <I>(list: readonly I[] | undefined): list is readonly I[] => Array.isArray(list)
const refusalIn = (body: Readonly<Record<string, unknown>>) =>
  [body['code'], body['rule'], body['remedy']].filter(word => typeof word === 'string').join(': ')

/** What of a question was told: the API takes no `undefined`. */
export const told = <T extends object>(question: T) =>
  Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>
  }

/**
 * A running service, asked with the bearer token in CASELEDGER_TOKEN. The token never stands on a command line, where other users of the
 * machine can read it.
 */
export class Service {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined = process.env['CASELEDGER_TOKEN'],
  ) {}

  /** @throws ServiceRefused, also without a token; ServiceUnreachable */
  async ask<T extends object>(question: Question<T>): Promise<T> {
    if (!this.token)
      throw new ServiceRefused(
        'Put a token into CASELEDGER_TOKEN: on a laptop, export CASELEDGER_TOKEN=$(npx caseledger token --role auditor --sub auditor-1)',
      )
    const { data, error, response } = await this.#answerTo(question, { Authorization: `Bearer ${this.token}` })
    if (isObject(data)) return data
    if (!isObject(error)) throw this.#stranger()
    throw new ServiceRefused(refusalIn(error) || `The service answered ${response.status}.`)
  }

  /** Health needs no token. Answers what is said also where the service is not ready. */
  async health(): Promise<readonly Part[]> {
    const { data, error } = await this.#answerTo(async api => {
      const answer = await api.GET('/health/ready')
      return { ...answer, data: answer.data ?? answer.error }
    }, {})
    return this.#listIn(data ?? error, data && 'parts' in data ? data.parts : undefined)
  }

  /** Everything that a list holds, page after page. */
  async *all<I>(
    page: (api: Api, next: string | undefined) => ReturnType<Question<{ readonly items: readonly I[]; readonly next?: string }>>,
  ): AsyncIterable<I> {
    for (let next: string | undefined; ;) {
      const answer = await this.ask(api => page(api, next))
      yield* this.#listIn(answer, answer.items)
      if (answer.next === undefined) return
      next = answer.next
    }
  }

  /** What is typed as a list is one only where a Caseledger answered. */
  #listIn<I>(body: unknown, list: readonly I[] | undefined): readonly I[] {
    if (isList(list)) return list
    throw isObject(body) && typeof body['code'] === 'string' ? new ServiceRefused(refusalIn(body)) : this.#stranger()
  }

  #stranger() {
    return new ServiceRefused(`What answers at ${this.url} is not Caseledger.`)
  }

  #answerTo<T>(question: Question<T>, headers: Readonly<Record<string, string>>): Promise<Answered<T>> {
    return question(apiOf(new URL(this.url).origin, headers, request => this.#send(request)))
  }

  async #send(request: Request): Promise<Response> {
    let answer: Response
    let text: string
    try {
      const ask = async () => {
        const found = await fetch(request.clone(), { signal: AbortSignal.timeout(patience) })
        return { answer: found, text: await found.text() }
      }
      ;({ answer, text } = await (mayBeRepeated(request.method, request.headers) ? askedAgain(ask) : ask()))
    } catch {
      throw new ServiceUnreachable(this.url)
    }
    if (!isJson(text)) throw this.#stranger()
    return new Response(text, answer)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
