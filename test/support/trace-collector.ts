import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Attribute = { readonly key: string; readonly value: unknown }
export type Span = {
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly events?: readonly unknown[]
  readonly traceId: string
}
type Exported = { readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[] }

/** Takes traces as an OpenTelemetry collector does, and keeps every byte. */
export class TraceCollector {
  readonly bodies: string[] = []

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request
        .on('data', (chunk: Buffer) => {
          chunks.push(chunk)
        })
        .on('end', () => {
          collector.bodies.push(Buffer.concat(chunks).toString())
          response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
        })
    })
    const collector = new TraceCollector(server)
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve)
    })
    return collector
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }
  get spans(): readonly Span[] {
    return this.bodies.flatMap(body =>
      (JSON.parse(body) as Exported).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    )
  }
  async stop() {
    await new Promise<void>(resolve => {
      this.server.close(() => {
        resolve()
      })
      this.server.closeAllConnections()
    })
  }
}
