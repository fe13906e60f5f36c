import { randomBytes } from 'node:crypto'
import { getContainerRuntimeClient, GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'
import { FaultProxy } from './fault-proxy.js'

/** The EventStoreDB that a test may use, or why there is none. */
export type ServerUnderTest = { readonly url: string; stop(): Promise<void> } | { readonly none: string }

const image = 'eventstore/eventstore:24.2.0-jammy'
const port = 2113

/** EVENTSTOREDB_URL, or a container where a Docker engine answers. */
export async function eventStoreDbServer(): Promise<ServerUnderTest> {
  const url = process.env['EVENTSTOREDB_URL']
  if (url) return { url, stop: () => Promise.resolve() }
  try {
    await getContainerRuntimeClient()
  } catch {
    return { none: 'EVENTSTOREDB_URL is not set, and no Docker engine answers' }
  }
  const container: StartedTestContainer = await new GenericContainer(image)
    .withEnvironment({
      EVENTSTORE_INSECURE: 'true',
      EVENTSTORE_MEM_DB: 'true',
      EVENTSTORE_RUN_PROJECTIONS: 'None',
      EVENTSTORE_TELEMETRY_OPTOUT: 'true',
    })
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forHttp('/health/live', port).forStatusCode(204))
    .start()
  return {
    url: `esdb://${container.getHost()}:${container.getMappedPort(port)}?tls=false`,
    stop: async () => {
      await container.stop()
    },
  }
}

/** The same server behind a proxy that can do harm. Undefined where the URL names several nodes: their own addresses would lead past it. */
export async function behindProxy(url: string): Promise<{ readonly url: string; readonly proxy: FaultProxy } | undefined> {
  const parts = /^(esdb:\/\/(?:[^@/]*@)?)([^:/?,]+)(?::(\d+))?(?=[/?]|$)/.exec(url)
  const [whole, before = '', host = '', onPort = '2113'] = parts ?? []
  if (whole === undefined) return undefined
  const proxy = await FaultProxy.before({ host, port: Number(onPort) })
  return { proxy, url: `${before}${host === 'localhost' ? 'localhost' : '127.0.0.1'}:${proxy.port}${url.slice(whole.length)}` }
}

/** What keeps tests that share a server apart. */
export const newNamespace = () => `t${randomBytes(8).toString('hex')}`
