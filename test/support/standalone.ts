import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askedAgain, mayBeRepeated } from '#hosting/asked-again'
import { freePort } from '#hosting/free-port'
import type { StaffRole } from '#kernel/actor'
import { assertAsDocumented } from './as-documented.js'
import { patient } from './patience.js'

const root = process.cwd()
/** What is kept of what it says, at most. */
const mostSaid = 1_000_000
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

/** What `npm start` starts, on a port and a data folder of its own, driven over HTTP. */
export class Standalone {
  readonly dir: string
  #process: ChildProcess | undefined
  #tokens = new Map<string, string>()
  said = ''

  private constructor(
    readonly port: number,
    dir: string | undefined,
  ) {
    this.dir = dir ?? mkdtempSync(join(tmpdir(), 'caseledger-journey-'))
  }

  static async start(dir?: string): Promise<Standalone> {
    const one = new Standalone(await freePort(), dir)
    await one.up()
    return one
  }

  get env() {
    return {
      ...process.env,
      CASELEDGER_DATA_DIR: this.dir,
      PORT: String(this.port),
      CASELEDGER_REQUESTS_PER_SECOND: '100000',
      CASELEDGER_CHECKPOINT_SECONDS: '1',
      NODE_OPTIONS: '',
    }
  }

  /** Starts it, or starts it again. */
  async up() {
    const child = spawn(process.execPath, [join(root, 'tools/start.mjs')], { cwd: root, env: this.env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    await new Promise<void>((resolve, reject) => {
      let ready = false
      const hear = (chunk: Buffer) => {
        this.said += chunk.toString()
        if (this.said.length > mostSaid) this.said = this.said.slice(-mostSaid / 2)
        if (ready) return
        ready = this.said.includes('Caseledger is ready')
        if (ready) resolve()
      }
      this.said = ''
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('exit', status => {
        reject(new Error(`it ended with ${String(status)}:\n${this.said}`))
      })
    })
  }

  /** Ctrl-C. Answers the exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGINT')
  }
  /** As a power cut does to the parent; its children notice and go. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
    child.kill(signal)
    const code = await ended
    child.stdout?.destroy()
    child.stderr?.destroy()
    return code
  }

  /** Whoever read what it says is gone, as when a terminal is closed. */
  stopListening() {
    for (const stream of [this.#process?.stdout, this.#process?.stderr]) stream?.destroy()
  }

  /** Its exit code, once it has ended by itself. */
  ended(): Promise<number | null> {
    return new Promise(resolve => {
      this.#process?.once('exit', resolve)
    })
  }

  /** While it is held it looks after nobody. */
  holdSupervisor(): () => void {
    this.#process?.kill('SIGSTOP')
    return () => {
      this.#process?.kill('SIGCONT')
    }
  }

  /** The API and the worker, or one of them. */
  children(which = '(api|worker)'): readonly number[] {
    const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(this.#process?.pid)], { encoding: 'utf8' })
    return stdout
      .split('\n')
      .filter(line => new RegExp(`dist/run/${which}/main\\.js`).test(line))
      .map(line => Number(line.trim().split(' ')[0]))
  }

  /** For a request that found nobody to answer it. */
  readonly nothing: Answer = { status: 0, headers: new Headers(), text: '', body: {} }

  async end() {
    await this.stop()
    rmSync(this.dir, { recursive: true, force: true })
  }

  cli(...args: readonly string[]) {
    return spawnSync(process.execPath, [join(root, 'tools/caseledger.mjs'), ...args], { cwd: root, env: this.env, encoding: 'utf8' })
  }

  /** The same with somebody's token, as --service wants it. */
  cliAs(role: StaffRole, ...args: readonly string[]) {
    return spawnSync(process.execPath, [join(root, 'tools/caseledger.mjs'), ...args, '--service', `http://127.0.0.1:${this.port}`], {
      cwd: root,
      env: { ...this.env, CASELEDGER_TOKEN: this.token(role) },
      encoding: 'utf8',
    })
  }

  /** The same on another data folder. */
  cliOn(dir: string, ...args: readonly string[]) {
    return spawnSync(process.execPath, [join(root, 'tools/caseledger.mjs'), ...args], {
      cwd: root,
      env: { ...this.env, CASELEDGER_DATA_DIR: dir },
      encoding: 'utf8',
    })
  }

  token(role: StaffRole, sub = `${role}-1`): string {
    const known = this.#tokens.get(`${role}|${sub}`)
    if (known) return known
    const isFirst = sub === `${role}-1`
    const { stdout, stderr, status } = isFirst
      ? spawnSync(process.execPath, [join(root, 'dist/test/support/tokens.js')], { cwd: root, env: this.env, encoding: 'utf8' })
      : this.cli('token', '--role', role, '--sub', sub)
    if (status !== 0) throw new Error(stderr)
    const issued = isFirst
      ? Object.entries(JSON.parse(stdout) as Record<string, string>).map(([of, token]) => [`${of}|${of}-1`, token] as const)
      : [[`${role}|${sub}`, stdout.trim()] as const]
    for (const [who, token] of issued) this.#tokens.set(who, token)
    return this.#tokens.get(`${role}|${sub}`) as string
  }

  async call(
    method: string,
    path: string,
    {
      token,
      body,
      headers = {},
      signal,
    }: {
      readonly token?: string
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
      readonly signal?: AbortSignal | undefined
    } = {},
  ): Promise<Answer> {
    const ask = () =>
      fetch(`http://127.0.0.1:${this.port}${path}`, {
        method,
        signal: signal ?? null,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) }),
      })
    const response = await (mayBeRepeated(method, new Headers(headers)) ? askedAgain(ask) : ask())
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') && !response.headers.get('content-type')?.includes('ndjson')
    const said = (json ? JSON.parse(text) : {}) as Answer['body']
    const { status } = response
    assertAsDocumented({ method, path, status, header: name => response.headers.get(name) ?? undefined, body: json ? said : text })
    return { status, headers: response.headers, text, body: said }
  }

  post(
    role: StaffRole,
    path: string,
    body: unknown,
    key: string = randomUUID(),
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ) {
    return this.call('POST', `/v1${path}`, { token: this.token(role), body, headers: { 'idempotency-key': key, ...headers }, signal })
  }
  /** The answer to a command that is not to be refused. @throws Error where it was */
  async done(role: StaffRole, path: string, body: object): Promise<Answer['body']> {
    const { status, body: answer } = await this.post(role, path, body)
    if (status >= 300) throw new Error(`${path} answered ${status} ${JSON.stringify(answer)}`)
    return answer
  }
  get(role: StaffRole, path: string, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal) {
    return this.call('GET', `/v1${path}`, { token: this.token(role), headers, signal })
  }

  /** Asks until the answer is as wanted, for at most 20 seconds unless told. */
  async until(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean, withinMs = patient(20_000)): Promise<Answer> {
    for (const deadline = Date.now() + withinMs; ;) {
      const answer = await ask()
      if (wanted(answer)) return answer
      if (Date.now() > deadline) throw new Error(`it never was as wanted; the last answer was ${answer.status}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  /** The files under the data folder that hold any of these words. */
  filesWith(words: readonly string[]): readonly string[] {
    const found: string[] = []
    const look = (folder: string) => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name)
        if (entry.isDirectory()) {
          look(path)
          continue
        }
        if (!entry.isFile() || statSync(path).size === 0) continue
        const bytes = readFileSync(path)
        if (words.some(word => bytes.includes(word))) found.push(path)
      }
    }
    look(this.dir)
    return found
  }
}

/** A referral of somebody invented. */
export const referral = (person: Readonly<Record<string, string>>, more: object = {}) => ({
  source: 'DWP-JCP',
  channel: 'EMAIL',
  serviceArea: 'GATESHEAD',
  receivedAt: new Date(Date.now() - 3_600_000).toISOString(),
  serviceWish: 'YES',
  person,
  ...more,
})
export const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()
