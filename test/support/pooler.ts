import { once } from 'node:events'
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'

/** One client, as the pooler knows it. */
type Client = { readonly socket: Socket; server: Socket | undefined; waiting: Buffer[]; asked: number }
const [sslRequest, ready, simple, sync, farewell] = [80_877_103, 0x5a, 0x51, 0x53, 0x58]
const idle = 0x49

/**
 * A pooler before a PostgreSQL that gives each transaction whichever connection is free, as PgBouncer does with pool_mode=transaction;
 * with pool_mode=session, each client has one of its own. Every client logs in at the server by itself.
 */
export class Pooler {
  readonly #free: Socket[] = []
  readonly #queue: Client[] = []
  readonly #open = new Set<Socket>()

  private constructor(
    private readonly to: URL,
    private readonly mode: { readonly pool: 'transaction' | 'session'; readonly size: number; readonly inTurn?: boolean },
    private readonly listener: Server,
  ) {}

  static async before(url: string, mode: Pooler['mode']): Promise<Pooler> {
    const listener = createServer()
    const pooler = new Pooler(new URL(url), mode, listener)
    listener.on('connection', socket => {
      pooler.#logIn(socket)
    })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    return pooler
  }

  /** The same database, through here. */
  through(url: string): string {
    const there = new URL(url)
    there.port = String((this.listener.address() as AddressInfo).port)
    return there.href
  }

  close() {
    this.listener.close()
    for (const socket of this.#open) socket.destroy()
  }

  #kept(socket: Socket): Socket {
    this.#open.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => this.#open.delete(socket))
    return socket
  }

  /** All goes through until the server says for the first time that it is ready. */
  #logIn(socket: Socket) {
    const server = this.#kept(connect(Number(this.to.port), this.to.hostname))
    this.#kept(socket).on('close', () => {
      if (this.mode.pool === 'session') server.destroy()
    })
    socket.on('data', chunk => {
      if (chunk.length === 8 && chunk.readInt32BE(4) === sslRequest) socket.write('N')
      else server.write(chunk)
    })
    if (this.mode.pool === 'session') {
      server.pipe(socket)
      return
    }
    eachMessage(server, message => {
      socket.write(message)
      if (message[0] !== ready) return
      server.removeAllListeners('data')
      socket.removeAllListeners('data')
      this.#serve(socket)
      if (this.#servers < this.mode.size) {
        this.#servers++
        this.#freed(server)
      } else server.destroy()
    })
  }
  #servers = 0

  #serve(socket: Socket) {
    const client: Client = { socket, server: undefined, waiting: [], asked: 0 }
    eachMessage(socket, message => {
      // The connection outlives who used it.
      if (message[0] === farewell) return
      if (message[0] === simple || message[0] === sync) client.asked++
      if (client.server) client.server.write(message)
      else {
        client.waiting.push(message)
        if (client.waiting.length === 1) this.#queue.push(client)
        this.#give()
      }
    })
  }

  #freed(server: Socket) {
    this.#free.push(server)
    this.#give()
  }

  #give() {
    while (this.#free.length > 0 && this.#queue.length > 0) {
      const server = (this.mode.inTurn ? this.#free.shift() : this.#free.pop()) as Socket
      const client = this.#queue.shift() as Client
      client.server = server
      server.removeAllListeners('data')
      eachMessage(server, message => {
        client.socket.write(message)
        if (message[0] !== ready || --client.asked > 0 || message[5] !== idle) return
        client.server = undefined
        this.#freed(server)
      })
      for (const message of client.waiting.splice(0)) server.write(message)
    }
  }
}

/** PostgreSQL’s messages: a letter, and a length that counts itself. */
function eachMessage(socket: Socket, hear: (message: Buffer) => void) {
  let rest = Buffer.alloc(0)
  socket.on('data', chunk => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1
      const message = rest.subarray(0, end)
      rest = rest.subarray(end)
      hear(message)
    }
  })
}
