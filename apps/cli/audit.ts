import type { Sql } from 'postgres'
import { categories } from '#event-kit/scope'
import { escaped } from '#kernel/characters'
import { type Answer, answerOf } from '#projections/answer'
import { readRows } from '#projections/postgres/read-rows'
import { ledgerTable } from '#read-models/disclosure-ledger/table'
import { keyTable } from '#read-models/key-register/table'
import { UsageError, command, serviceOption, subjectOption } from './command.js'
import type { Out } from './out.js'
import { type Schemas, type Api, Service, told } from './service.js'
import { withBackend } from './with-backend.js'

const page = 1_000

/** What was shared: never the words, which are sealed. */
export const disclosuresList = command({
  name: 'disclosures list',
  group: 'audit',
  summary: 'The disclosure ledger, of one person or of all: what was shared with whom, when, why and on which basis. Opens nothing.',
  options: {
    subject: subjectOption,
    recipient: { takes: 'code', says: 'as the recipient matrix has it, such as DWP-JCP.' },
    service: serviceOption,
  },
  run: async ({ subject, recipient, service }, out) => {
    if (service !== undefined) {
      for await (const item of new Service(service).all((api, cursor) => disclosuresPage(api, subject, told({ recipient, cursor }))))
        tellDisclosure(out, item)
      return 'done'
    }
    return withBackend(async ({ backend: { sql, readModels } }) => {
      await readModels.assertLive('disclosure-ledger')
      for await (const entry of allDisclosures(sql, { subject: subject?.toLowerCase(), recipient })) tellDisclosure(out, inShort(entry))
      return 'done'
    })
  },
})

const disclosuresPage = (api: Api, subjectRef: string | undefined, some: { readonly recipient?: string; readonly cursor?: string }) => {
  const query = { ...some, limit: 200 }
  return subjectRef === undefined
    ? api.GET('/v1/disclosures', { params: { query } })
    : api.GET('/v1/subjects/{subjectRef}/disclosures', { params: { path: { subjectRef }, query } })
}

type Wanted = { readonly subject: string | undefined; readonly recipient: string | undefined }
async function* allDisclosures(sql: Sql, { subject, recipient }: Wanted): AsyncIterable<Answer<typeof ledgerTable>> {
  const where = [
    ...(subject === undefined ? [] : [{ column: 'subject_ref', is: '=', value: subject } as const]),
    ...(recipient === undefined ? [] : [{ column: 'recipient', is: '=', value: recipient } as const]),
  ]
  for (let after: bigint | undefined; ;) {
    const rows = await readRows(sql, ledgerTable, { where, after, limit: page })
    for (const row of rows) yield answerOf(ledgerTable, row)
    const last = rows.at(-1)
    if (!last || rows.length < page) return
    after = BigInt(last.position)
  }
}

type Entry = Schemas['LedgerEntry']
/** What is told of a disclosure, whether the service or the database was asked. */
type Disclosure = Readonly<
  Pick<Entry, 'disclosureId' | 'subjectRef' | 'recipient' | 'purpose' | 'method' | 'requestedAt' | 'sentAt' | 'position'>
> & { readonly state: string; readonly fields: readonly string[]; readonly basis: Readonly<Entry['basis']> }

const inShort = (entry: Answer<typeof ledgerTable>): Disclosure => ({
  disclosureId: entry.disclosureId,
  subjectRef: entry.subjectRef,
  state: entry.state,
  recipient: entry.recipient,
  purpose: entry.purpose,
  basis: { art6: entry.basis.art6 },
  fields: entry.fields,
  method: entry.method,
  requestedAt: entry.requestedAt,
  ...(entry.sentAt ? { sentAt: entry.sentAt } : {}),
  position: entry.position,
})

function tellDisclosure(out: Out, item: Disclosure) {
  const { state, recipient, purpose, sentAt, requestedAt, subjectRef, fields, basis } = item
  const when = (sentAt ?? requestedAt).slice(0, 19).replace('T', ' ')
  out.say(
    item,
    `${when}  ${state.padEnd(9)}  ${recipient.padEnd(16)}  ${purpose}, Article 6(1)(${basis['art6'] ?? '–'})  `
      + `${fields.join(', ')}  of ${subjectRef}`,
  )
}

export const keysList = command({
  name: 'keys list',
  group: 'audit',
  summary:
    'The register of one person’s crypto-shredding keys: which live, which were destroyed, and by which certificate. Never the keys.',
  options: { subject: { ...subjectOption, required: true }, service: serviceOption },
  run: async ({ subject, service }, out) => {
    const items: readonly Answer<typeof keyTable>[] =
      service !== undefined
        ? await allOf(
            new Service(service).all(api => api.GET('/v1/subjects/{subjectRef}/keys', { params: { path: { subjectRef: subject } } })),
          )
        : await withBackend(async ({ backend: { sql, readModels } }) => {
            await readModels.assertLive('key-register')
            return (await keysOf(sql, subject.toLowerCase())).map(row => answerOf(keyTable, row))
          })
    for (const item of items) {
      const { kid, scope, generation, state, created, destroyed, certificate } = item
      out.say(
        item,
        `${kid}  ${scope.padEnd(5)} ${generation}  ${state.padEnd(9)}  `
          + `made ${created.slice(0, 10)}${destroyed ? `, destroyed ${destroyed.slice(0, 10)}, certificate ${certificate ?? '–'}` : ''}`,
      )
    }
    if (items.length === 0) out.complain('found', 'There are no keys for this reference.')
    return items.length === 0 ? 'found' : 'done'
  },
})

const keysOf = (sql: Sql, subject: string) => readRows(sql, keyTable, { where: [{ column: 'subject_ref', is: '=', value: subject }] })

/** The one command that can print personal data: the service decides who may see what, and has the access on record first. */
export const caseShow = command({
  name: 'case show',
  group: 'audit',
  summary:
    'A person’s case as the bearer of the token may see it for a purpose. Personal values are printed only with --open, '
    + 'and only from a running service, which checks who asks and records it before it opens anything. '
    + `Categories: ${categories.join(', ')}.`,
  options: {
    subject: { ...subjectOption, required: true },
    purpose: { takes: 'code', says: 'a registered purpose, such as SERVICE_PROVISION.', required: true },
    service: { ...serviceOption, required: true },
    open: { says: 'Print personal values. The access is on record under the name of the token’s bearer.' },
  },
  run: async ({ subject, purpose, service, open }, out) => {
    if (!open)
      throw new UsageError(
        'A case holds personal data. With --open its values are printed, and the service records who read them and why; '
          + 'replay --subject tells the history without any.',
      )
    const found = await new Service(service).ask(api =>
      api.GET('/v1/subjects/{subjectRef}/case', { params: { path: { subjectRef: subject }, query: { purpose } } }),
    )
    out.say(
      found,
      Object.entries(found.fields)
        .map(([field, value]) => `${field.padEnd(24)} ${inWords(value)}`)
        .join('\n') || 'No field of this case is on record.',
    )
    return 'done'
  },
})

function inWords(value: Schemas['CaseAnswer']['fields'][string]): string {
  // A line break in a value makes no line of ours.
  if (typeof value !== 'object') return escaped(String(value))
  return 'erased' in value ? '(erased)' : '(not for this role and purpose)'
}

async function allOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
