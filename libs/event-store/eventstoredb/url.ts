import { nearest } from '#kernel/nearest'

/** EVENTSTOREDB_URL is not written as the client reads it. The message names what is wrong and no value: one may be a password. */
export class MalformedEventStoreUrl extends Error {}

export type EventStoreUrl = {
  /** The hosts are asked which nodes there are. */
  readonly discovers: boolean
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  readonly hasCredentials: boolean
  readonly tls: boolean
  readonly parameters: ReadonlyMap<ParameterName, string>
}

/** What a parameter takes, in words, and whether a value is such. */
type Kind = readonly [what: string, fits: (value: string) => boolean]
const trueOrFalse: Kind = ['true or false', value => value === 'true' || value === 'false']
const atLeast = (least: number): Kind => [`a whole number, ${least} or more`, value => /^-?\d{1,15}$/.test(value) && Number(value) >= least]
const text: Kind = ['text, percent-encoded', value => decoded(value) !== undefined]
const nodes = ['leader', 'follower', 'read_only_replica', 'random']

/** Every parameter that client 6.2.1 reads. Any other it leaves out with a warning that repeats the whole URL. */
const parameters = {
  tls: trueOrFalse,
  tlsVerifyCert: trueOrFalse,
  tlsCAFile: text,
  userCertFile: text,
  userKeyFile: text,
  connectionName: text,
  nodePreference: [nodes.join(', '), value => nodes.some(node => flat(node) === flat(value))],
  maxDiscoverAttempts: atLeast(1),
  discoveryInterval: atLeast(0),
  gossipTimeout: atLeast(1),
  defaultDeadline: atLeast(1),
  keepAliveInterval: atLeast(-1),
  keepAliveTimeout: atLeast(-1),
  throwOnAppendFailure: trueOrFalse,
  dnsDiscover: trueOrFalse,
} as const satisfies Readonly<Record<string, Kind>>
type ParameterName = keyof typeof parameters

/** The client takes a name in any case, with hyphens and underscores or without. */
const flat = (name: string) => name.trim().toLowerCase().replace(/[_-]/g, '')
const byFlatName = new Map(Object.keys(parameters).map(name => [flat(name), name as ParameterName]))

/** @throws MalformedEventStoreUrl also for what the client would read as something else than it looks like. */
export function parseEventStoreUrl(url: string): EventStoreUrl {
  const [, scheme, rest] = /^(esdb(?:\+discover)?):\/\/(.*)$/s.exec(url) ?? []
  if (scheme === undefined || rest === undefined) throw malformed('begins with esdb:// or esdb+discover://')
  const [, authority, query] = /^([^/?]*)\/*(?:\?(.*))?$/s.exec(rest) ?? []
  if (authority === undefined)
    throw malformed(rest.includes('@') ? encodeWhatIsSpecial : 'ends after its hosts and their parameters: there is no path in it')
  if (query?.includes('@')) throw malformed(encodeWhatIsSpecial)
  const [hosts = '', credentials] = authority.split('@').reverse()
  if (credentials !== undefined) assertCredentials(credentials, authority)
  const read = parametersOf(query)
  return {
    discovers: scheme === 'esdb+discover' || read.get('dnsDiscover') === 'true',
    hosts: hosts.split(',').map(hostOf),
    hasCredentials: credentials !== undefined,
    tls: read.get('tls') !== 'false',
    parameters: read,
  }
}

const encodeWhatIsSpecial = 'holds a character in its user or password that ends them: write @ / ? : % as %40 %2F %3F %3A %25'
const malformed = (why: string) => new MalformedEventStoreUrl(`EVENTSTOREDB_URL ${why}`)

function assertCredentials(credentials: string, authority: string) {
  const [user, password, ...more] = credentials.split(':')
  if (!user || !password) throw malformed('has user and password as user:password@ before the host')
  if (more.length > 0 || authority.split('@').length > 2 || decoded(user) === undefined || decoded(password) === undefined)
    throw malformed(encodeWhatIsSpecial)
}

function hostOf(written: string): { readonly host: string; readonly port: number } {
  const [host, port = '2113', ...more] = written.trim().split(':')
  if (more.length > 0) throw malformed('names each host as host:port; the client reads no IPv6 addresses, so write a name')
  if (!host) throw malformed('names at least one host, and none between two commas')
  if (!/^[A-Za-z0-9._-]+$/.test(host)) throw malformed('names hosts of letters, digits, hyphens and full stops')
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw malformed('has a port from 1 to 65535 behind the colon of a host')
  return { host, port: Number(port) }
}

function parametersOf(query: string | undefined): ReadonlyMap<ParameterName, string> {
  const read = new Map<ParameterName, string>()
  for (const pair of query?.split('&') ?? []) {
    const [written = '', value, ...more] = pair.split('=')
    const name = named(written)
    if (!value || more.length > 0 || value.includes('?')) throw malformed('has its parameters as ?name=value&name=value')
    if (read.has(name)) throw malformed(`says ${name} twice`)
    const [what, fits] = parameters[name]
    if (!fits(value.trim())) throw new MalformedEventStoreUrl(`${name} in EVENTSTOREDB_URL is ${what}, not what stands there`)
    read.set(name, value.trim())
  }
  if (read.has('userCertFile') !== read.has('userKeyFile')) throw malformed('has userCertFile and userKeyFile together or neither')
  return read
}

/** `dnsDiscover` is the one name that the client takes only as it is written here. */
function named(written: string): ParameterName {
  const known = byFlatName.get(flat(written))
  if (known !== undefined && (known !== 'dnsDiscover' || written === known)) return known
  // What is no name may be a part of a password that was not encoded.
  if (!/^[A-Za-z][A-Za-z_-]{0,29}$/.test(written))
    throw malformed(`has a parameter that is none. There are: ${Object.keys(parameters).join(', ')}`)
  const meant = nearest(written, Object.keys(parameters))
  throw new MalformedEventStoreUrl(
    `${written} is no parameter of EVENTSTOREDB_URL; `
      + (meant === undefined ? `there are ${Object.keys(parameters).join(', ')}` : `did you mean ${meant}?`),
  )
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}
