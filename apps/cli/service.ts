import type { JsonObject, JsonValue } from '#kernel/json'

/** The service answered, and refused: in its own words, which never hold what was asked. */
export class ServiceRefused extends Error {}
/** Nothing answers there. */
export class ServiceUnreachable extends Error {
  constructor(url: string) { super(`No Caseledger answers at ${url}.`) }
}
const patience = 30_000

/** A running service, asked with the bearer token in CASELEDGER_TOKEN. The token never stands on a command line, where other users of the machine can read it. */
export class Service {
  constructor(private readonly url: string, private readonly token: string | undefined = process.env['CASELEDGER_TOKEN']) {}

  /** @throws ServiceRefused, ServiceUnreachable; Error without a token */
  async get(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<JsonObject> {
    if (!this.token) throw new ServiceRefused('Put a token into CASELEDGER_TOKEN: on a laptop, export CASELEDGER_TOKEN=$(npx caseledger token --role auditor --sub auditor-1)')
    const { status, body } = await this.#fetch(`v1/${path}`, query, { Authorization: `Bearer ${this.token}` })
    if (status === 200) return body
    throw new ServiceRefused([body['code'], body['rule'], body['remedy']].filter(word => typeof word === 'string').join(': ') || `The service answered ${status}.`)
  }

  /** Health needs no token. Answers what is said also where the service is not ready. */
  async health(): Promise<JsonObject> { return (await this.#fetch('health/ready', {}, {})).body }

  /** Everything that a list holds, page after page. */
  async *all(path: string, query: Readonly<Record<string, string | undefined>> = {}, cursor: 'cursor' | 'after' = 'cursor'): AsyncIterable<JsonObject> {
    for (let next: string | undefined; ;) {
      const page = await this.get(path, { ...query, ...(next === undefined ? {} : { [cursor]: next }) })
      yield* page['items'] as readonly JsonObject[]
      const more: JsonValue | undefined = page['next']
      if (typeof more !== 'string') return
      next = more
    }
  }

  async #fetch(path: string, query: Readonly<Record<string, string | undefined>>, headers: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly body: JsonObject }> {
    const url = new URL(path, this.url.endsWith('/') ? this.url : `${this.url}/`)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
    let answer: Response
    try { answer = await fetch(url, { headers: { ...headers, Accept: 'application/json' }, signal: AbortSignal.timeout(patience) }) } catch { throw new ServiceUnreachable(this.url) }
    try { return { status: answer.status, body: await answer.json() as JsonObject } } catch { throw new ServiceRefused(`What answers at ${this.url} is not Caseledger.`) }
  }
}
