import type { Part } from '#backend/health'
import type { JsonObject, JsonValue } from '#kernel/json'

/** The service answered, and refused: in its own words, which never hold what was asked. */
export class ServiceRefused extends Error {}
/** Nothing answers there. */
export class ServiceUnreachable extends Error {
  constructor(url: string) {
    super(`No Caseledger answers at ${url}.`)
  }
}
const patience = 30_000
const refusalIn = (body: JsonObject) => [body['code'], body['rule'], body['remedy']].filter(word => typeof word === 'string').join(': ')

/**
 * A running service, asked with the bearer token in CASELEDGER_TOKEN. The token never stands on a command line, where other users of the
 * machine can read it.
 */
export class Service {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined = process.env['CASELEDGER_TOKEN'],
  ) {}

  /** @throws ServiceRefused, ServiceUnreachable; Error without a token */
  async get(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<JsonObject> {
    if (!this.token)
      throw new ServiceRefused(
        'Put a token into CASELEDGER_TOKEN: on a laptop, export CASELEDGER_TOKEN=$(npx caseledger token --role auditor --sub auditor-1)',
      )
    const { status, body } = await this.#fetch(`v1/${path}`, query, { Authorization: `Bearer ${this.token}` })
    if (status === 200) return body
    throw new ServiceRefused(refusalIn(body) || `The service answered ${status}.`)
  }

  /** Health needs no token. Answers what is said also where the service is not ready. */
  async health(): Promise<readonly Part[]> {
    return this.#listIn((await this.#fetch('health/ready', {}, {})).body, 'parts') as readonly Part[]
  }

  /** Everything that a list holds, page after page. */
  async *all(
    path: string,
    query: Readonly<Record<string, string | undefined>> = {},
    cursor: 'cursor' | 'after' = 'cursor',
  ): AsyncIterable<JsonObject> {
    for (let next: string | undefined; ;) {
      const page = await this.get(path, { ...query, ...(next === undefined ? {} : { [cursor]: next }) })
      yield* this.#listIn(page, 'items')
      const more: JsonValue | undefined = page['next']
      if (typeof more !== 'string') return
      next = more
    }
  }

  #listIn(body: JsonObject, name: string): readonly JsonObject[] {
    const list = body[name]
    if (Array.isArray(list)) return list as readonly JsonObject[]
    throw new ServiceRefused(typeof body['code'] === 'string' ? refusalIn(body) : `What answers at ${this.url} is not Caseledger.`)
  }

  async #fetch(
    path: string,
    query: Readonly<Record<string, string | undefined>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: JsonObject }> {
    const url = new URL(`/${path}`, this.url)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
    let answer: Response
    try {
      answer = await fetch(url, { headers: { ...headers, Accept: 'application/json' }, signal: AbortSignal.timeout(patience) })
    } catch {
      throw new ServiceUnreachable(this.url)
    }
    const body: unknown = await answer.json().catch(() => undefined)
    if (body === null || typeof body !== 'object') throw new ServiceRefused(`What answers at ${this.url} is not Caseledger.`)
    return { status: answer.status, body: body as JsonObject }
  }
}
