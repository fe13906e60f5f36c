import { isIP } from 'node:net'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { MalformedEventStoreUrl, parseEventStoreUrl } from '#event-store/eventstoredb/url'
import { FormatError } from '#merkle/format-error'
import { TrustPolicy } from '#merkle/trust-policy'

/** What a document says of a setting: what it is for, and what holds without it. */
type Told = { readonly says: string; readonly unless: string }
const told = new Map<z.ZodType, Told>()
/** A setting, its meaning and its default in words. What is wrong with a value is said by its rule, and never with the value. */
function setting<T extends z.ZodType>(says: string, unless: string, rule: T): z.ZodOptional<T> {
  const optional = rule.optional()
  told.set(optional, { says, unless })
  return optional
}

const ruled = (right: string, test: (text: string) => boolean) => z.string().refine(test, { error: right })
const wholeNumber = (from: number, to: number, of = '') =>
  ruled(
    `is a whole number${of} from ${from} to ${to}`,
    text => /^\d{1,10}$/.test(text) && Number(text) >= from && Number(text) <= to,
  ).transform(Number)
const oneOf = <const V extends readonly string[]>(...values: V) =>
  z.enum(values, { error: `is ${values.length < 3 ? values.join(' or ') : `one of ${values.join(', ')}`}` })
const address = (right: string, protocols: readonly string[]) => ruled(right, text => protocols.includes(protocolOf(text)))
const protocolOf = (text: string) => (/\s/.test(text) || !URL.canParse(text) ? '' : new URL(text).protocol)
/** One that is there is looked at; one that is not is made, or said to be missing, by whoever needs it. */
const folder = () => ruled('names a file where a folder has to be', path => !existsSync(path) || statSync(path).isDirectory())

const databaseUrl = () =>
  ruled(
    'is postgres://user:password@host:port/database, the database’s name in lower case, '
      + 'and what is special in the password percent-encoded',
    isDatabaseUrl,
  )
function isDatabaseUrl(text: string): boolean {
  if (!/^postgres(ql)?:\/\/[^/]+\/[a-z][a-z0-9_]{0,60}(\?|$)/.test(text)) return false
  try {
    const { username, password, hostname } = new URL(text)
    for (const part of [username, password]) decodeURIComponent(part)
    return hostname !== ''
  } catch {
    return false
  }
}

const eventStoreUrl = () =>
  z.string().superRefine((text, wrong) => {
    try {
      parseEventStoreUrl(text)
    } catch (error) {
      // Its own words name the setting.
      wrong.addIssue({ code: 'custom', message: error instanceof MalformedEventStoreUrl ? error.message : 'is no address', path: [] })
    }
  })

const trustPolicy = () =>
  ruled('names no file that is there', path => existsSync(path) && statSync(path).isFile()).superRefine((path, wrong) => {
    try {
      TrustPolicy.parse(readFileSync(path), 'the file')
    } catch (error) {
      const why = error instanceof FormatError ? error.message : 'it cannot be read'
      wrong.addIssue({ code: 'custom', message: `names a file that is no trust policy: ${why}` })
    }
  })

/** Loopback is within the machine: there the keys may come without TLS. */
const isKeySetAddress = (text: string) =>
  protocolOf(text) === 'https:' || (protocolOf(text) === 'http:' && /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(new URL(text).hostname))

const longestSocket = 100
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Every setting that an installation has, once: what is read, checked and shown in the README follows from this. */
export const settingsSchema = z.object({
  PORT: setting('where the API listens; 0 for any free port', '3000', wholeNumber(0, 65_535)),
  HOST: setting(
    'the interface on which it listens',
    '127.0.0.1',
    ruled('is the name or the address of an interface of this machine, such as 127.0.0.1', text => /^[A-Za-z0-9.:_%-]+$/.test(text)),
  ),
  NODE_ENV: setting('`production` turns everything off that is for a laptop only', 'a laptop', oneOf('production', 'development', 'test')),
  CASELEDGER_ISSUER: setting(
    'whose tokens are believed: their `iss`; production needs one, with the next two',
    'the laptop’s own',
    ruled(
      'is the issuer’s name, as it stands in its tokens: an address, without spaces',
      text => /^\S{1,500}$/.test(text) && !isLocal(text),
    ),
  ),
  CASELEDGER_AUDIENCE: setting(
    'for whom the tokens have to be made: their `aud`',
    'the laptop’s own',
    ruled('is this service’s name at the issuer, as it stands in tokens, without spaces', text => /^\S{1,500}$/.test(text)),
  ),
  CASELEDGER_JWKS_URL: setting(
    'where the issuer’s keys are (a JSON Web Key Set)',
    'the laptop’s own',
    ruled('is the https address of the issuer’s key set; http only on this machine', isKeySetAddress),
  ),
  CASELEDGER_DATA_DIR: setting('where everything is kept', '`.data`', folder()),
  CASELEDGER_EVENT_STORE: setting('where the log is: `postgres` or `eventstoredb`', '`postgres`', oneOf('postgres', 'eventstoredb')),
  EVENTSTOREDB_URL: setting(
    'the EventStoreDB, such as `esdb://127.0.0.1:2113?tls=false`; without `tls=false` it has to speak TLS',
    '–',
    eventStoreUrl(),
  ),
  CASELEDGER_EVENT_STORE_NAMESPACE: setting(
    'this installation’s prefix on an EventStoreDB that others use too',
    'none',
    ruled('is a lower-case letter and up to 39 lower-case letters and digits', text => /^[a-z][a-z0-9]{0,39}$/.test(text)),
  ),
  DATABASE_URL: setting(
    'a PostgreSQL of your own, `postgres://user:password@host:5432/caseledger`; not behind a pooler that pools transactions',
    'the embedded one',
    databaseUrl(),
  ),
  CASELEDGER_APP_DATABASE_URL: setting('for API and worker, in place of `DATABASE_URL`: as `caseledger_app`', 'none', databaseUrl()),
  CASELEDGER_VAULT_DATABASE_URL: setting('the same as `caseledger_vault`', 'none', databaseUrl()),
  CASELEDGER_KEYS_DIR: setting('where key-encryption keys and the revocation journal are kept', '`keys` under the data folder', folder()),
  CASELEDGER_BACKUP_DIR: setting('where back-ups of the vault go', '`backups` under the data folder', folder()),
  CASELEDGER_ROTATION_DAYS: setting('how long a key epoch lasts', '30', wholeNumber(1, 3_650, ' of days')),
  CASELEDGER_SIGNER_DIR: setting(
    'where the signer of checkpoints keeps its key and its memory',
    '`signer` under the data folder',
    folder(),
  ),
  CASELEDGER_SIGNER_SOCKET: setting(
    'where the signer listens, and the worker asks',
    'a socket in that folder',
    ruled(`is a path of at most ${longestSocket} bytes`, text => Buffer.byteLength(text) <= longestSocket),
  ),
  CASELEDGER_LEDGER_POLICY: setting(
    'a trust policy with the addresses of witnesses, to whom each checkpoint is shown',
    'none',
    trustPolicy(),
  ),
  CASELEDGER_WITNESS_MODE: setting(
    '`open`: a checkpoint is published, whoever saw it; `closed`: once the witnesses of the policy did',
    '`open`',
    oneOf('open', 'closed'),
  ),
  CASELEDGER_WITNESS_DIR: setting('of a witness: its key, the logs that it watches, and what it saw', '`.witness`', folder()),
  CASELEDGER_CHECKPOINT_SINK: setting('a folder that keeps every checkpoint, and is only added to', 'none', folder()),
  CASELEDGER_TIMESTAMP_URL: setting(
    'a time-stamping authority (RFC 3161) that stamps checkpoints',
    'none',
    address('is the http or https address of a time-stamping authority', ['http:', 'https:']),
  ),
  CASELEDGER_CHECKPOINT_SECONDS: setting('how often what is new in the audit ledger is signed', '10', wholeNumber(1, 600, ' of seconds')),
  CASELEDGER_ACCEPTED_STEP_BACK: setting(
    'the id of an event whose recorded time goes back, or that stands twice, once somebody has looked: the audit ledger goes on over it',
    'none',
    ruled('is the id of an event, a UUID in lower case', text => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)),
  ),
  CASELEDGER_CLOCK_LIMIT_SECONDS: setting(
    'how far the clocks of API, worker, database and log may differ before nothing is recorded any more',
    '60',
    wholeNumber(1, 315_360_000, ' of seconds'),
  ),
  CASELEDGER_STANDSTILL_DAYS: setting(
    'nothing is recorded by a clock that says that the last event is longer ago',
    '90',
    wholeNumber(1, 36_500, ' of days'),
  ),
  CASELEDGER_REQUESTS_PER_SECOND: setting(
    'the limit for one caller, and for all without a good token at one address',
    '1000',
    wholeNumber(1, 10_000_000),
  ),
  CASELEDGER_TRUSTED_PROXIES: setting(
    'the addresses or networks of proxies whose `X-Forwarded-For` says where a request came from, such as `10.0.0.7,192.168.4.0/24`',
    'none',
    ruled('is addresses or networks of proxies, with commas between them, such as 10.0.0.7,192.168.4.0/24', areNetworks),
  ),
  CASELEDGER_METRICS_TOKEN: setting(
    'the bearer token for `/metrics`; production needs one',
    'none',
    ruled('is printable ASCII without spaces, as a header can hold it', text => /^[\x21-\x7e]+$/.test(text)),
  ),
  CASELEDGER_WORKER_METRICS_PORT: setting('a port for the worker’s own `/metrics`', 'none', wholeNumber(0, 65_535)),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting('where traces go (OTLP over HTTP)', 'none', collector()),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: setting('the same, for traces alone', 'none', collector()),
  CASELEDGER_TOKEN: setting('whose token the command line uses with `--service`', 'none', z.string()),
  CASELEDGER_LOG_LEVEL: setting('`info` logs a line a request: route pattern, status, time', '`warn`', oneOf(...logLevels)),
})

function collector() {
  return address('is the http or https address of a collector', ['http:', 'https:'])
}
function areNetworks(text: string) {
  return text.split(',').every(one => {
    const [address = '', length, ...more] = one.trim().split('/')
    const family = isIP(address)
    return family !== 0 && more.length === 0 && (length === undefined || (/^\d{1,3}$/.test(length) && isLength(Number(length), family)))
  })
}
/** One that takes everybody in trusts whoever asks. */
function isLength(length: number, family: number) {
  return length > 0 && length <= (family === 4 ? 32 : 128)
}
function isLocal(issuer: string) {
  return issuer.startsWith('urn:caseledger:local:')
}

export type SettingName = keyof typeof settingsSchema.shape
export type SettingValue<N extends SettingName> = z.infer<typeof settingsSchema>[N]
export const settingNames = Object.keys(settingsSchema.shape) as readonly SettingName[]
export const toldOf = (name: SettingName): Told => told.get(settingsSchema.shape[name]) as Told
