import { type Server, type Socket, connect, createServer } from 'node:net'

type Place = { readonly host: string; readonly port: number }

/**
 * Stands between a client and its server on loopback, and does to their connections what networks and servers do in a year of production.
 */
export class FaultProxy {
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #server: Server | undefined
  #frozen = false
  #swallowing = false
  /** How many bytes of answers still pass before it freezes, and who is told. */
  #left: { bytes: number; readonly frozen: () => void } | undefined
  port = 0

  private constructor(private readonly to: Place) {}

  static async before(to: Place): Promise<FaultProxy> {
    const proxy = new FaultProxy(to)
    await proxy.#listen(0)
    return proxy
  }

  /** Every connection breaks; new ones are accepted. */
  cut() {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }

  /** The server is gone, and answers nobody until it returns. */
  async away(): Promise<() => Promise<void>> {
    const closed = new Promise<void>(resolve => {
      this.#server?.close(() => {
        resolve()
      })
    })
    this.cut()
    await closed
    return () => this.#listen(this.port)
  }

  /** The server holds its connections and says nothing, as under SIGSTOP. */
  freeze(): () => void {
    this.#frozen = true
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
    return () => {
      this.#frozen = false
      for (const pair of this.#pairs) for (const socket of pair) socket.resume()
    }
  }

  /** As `freeze`, in the middle of an answer: once so many bytes of answers have passed. */
  freezeAfter(bytes: number): { readonly frozen: Promise<void>; readonly thaw: () => void } {
    let thaw = () => {
      this.#left = undefined
    }
    const frozen = new Promise<void>(resolve => {
      this.#left = {
        bytes,
        frozen: () => {
          this.#left = undefined
          thaw = this.freeze()
          resolve()
        },
      }
    })
    return {
      frozen,
      thaw: () => {
        thaw()
      },
    }
  }

  /** What is asked reaches the server and is done; the answers are lost, and then the connection. */
  loseAnswers(): () => void {
    this.#swallowing = true
    return () => {
      this.#swallowing = false
      this.cut()
    }
  }

  async close() {
    await this.away()
  }

  #listen(port: number): Promise<void> {
    const server = createServer(client => {
      this.#connect(client)
    })
    this.#server = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        this.port = typeof address === 'object' && address ? address.port : 0
        resolve()
      })
    })
  }

  #connect(client: Socket) {
    const server = connect(this.to)
    const pair = [client, server] as const
    this.#pairs.add(pair)
    client.on('data', chunk => {
      server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => {
      if (this.#swallowing) return
      client.write(chunk)
      if (this.#left && (this.#left.bytes -= chunk.length) <= 0) this.#left.frozen()
    })
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
      if (this.#frozen) socket.pause()
    }
  }
}
