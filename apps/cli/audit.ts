import type { Sql } from 'postgres'
import { categories } from '#event-kit/scope'
import type { JsonObject, JsonValue } from '#kernel/json'
import { type LedgerFilter, type LedgerRow, findDisclosures } from '#read-models/disclosure-ledger/queries'
import { type KeyTold, findKeys, keyTold } from '#read-models/key-register/queries'
import { UsageError, command, serviceOption, subjectOption } from './command.js'
import type { Out } from './out.js'
import { Service } from './service.js'
import { withBackend } from './with-backend.js'

const page = 1_000
const text = (value: JsonValue | undefined) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '–')

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
      for await (const item of new Service(service).all(subject === undefined ? 'disclosures' : `subjects/${subject}/disclosures`, {
        recipient,
        limit: '200',
      }))
        tellDisclosure(out, item)
      return 'done'
    }
    return withBackend(async ({ backend: { sql, readModels } }) => {
      await readModels.assertLive('disclosure-ledger')
      for await (const row of allDisclosures(sql, { subjectRef: subject?.toLowerCase(), recipient })) {
        tellDisclosure(out, {
          disclosureId: row.disclosure_id,
          subjectRef: row.subject_ref,
          state: row.state,
          recipient: row.recipient,
          purpose: row.purpose,
          basis: { art6: row.art6 },
          fields: row.fields,
          method: row.method,
          requestedAt: row.requested_at.toISOString(),
          ...(row.sent_at ? { sentAt: row.sent_at.toISOString() } : {}),
          position: row.position,
        })
      }
      return 'done'
    })
  },
})

async function* allDisclosures(sql: Sql, filter: Pick<LedgerFilter, 'subjectRef' | 'recipient'>): AsyncIterable<LedgerRow> {
  for (let after: bigint | undefined; ;) {
    const rows = await findDisclosures(sql, { ...filter, after, limit: page })
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < page) return
    after = BigInt(last.position)
  }
}

function tellDisclosure(out: Out, item: JsonObject) {
  const { state, recipient, purpose, sentAt, requestedAt, subjectRef, fields, basis } = item
  out.say(
    item,
    `${text(sentAt ?? requestedAt)
      .slice(0, 19)
      .replace(
        'T',
        ' ',
      )}  ${text(state).padEnd(9)}  ${text(recipient).padEnd(16)}  ${text(purpose)}, Article 6(1)(${text((basis as JsonObject)['art6'])})  ${(fields as readonly string[]).join(', ')}  of ${text(subjectRef)}`,
  )
}

export const keysList = command({
  name: 'keys list',
  group: 'audit',
  summary:
    'The register of one person’s crypto-shredding keys: which live, which were destroyed, and by which certificate. Never the keys.',
  options: { subject: { ...subjectOption, required: true }, service: serviceOption },
  run: async ({ subject, service }, out) => {
    const items =
      service !== undefined
        ? ((await allOf(new Service(service).all(`subjects/${subject}/keys`))) as readonly KeyTold[])
        : await withBackend(async ({ backend: { sql, readModels } }) => {
            await readModels.assertLive('key-register')
            return (await findKeys(sql, subject.toLowerCase())).map(keyTold)
          })
    for (const item of items) {
      const { kid, scope, generation, state, created, destroyed, certificate } = item
      out.say(
        item,
        `${kid}  ${scope.padEnd(5)} ${generation}  ${state.padEnd(9)}  made ${created.slice(0, 10)}${destroyed ? `, destroyed ${destroyed.slice(0, 10)}, certificate ${certificate ?? '–'}` : ''}`,
      )
    }
    if (items.length === 0) out.complain('found', 'There are no keys for this reference.')
    return items.length === 0 ? 'found' : 'done'
  },
})

/** The one command that can print personal data: the service decides who may see what, and has the access on record first. */
export const caseShow = command({
  name: 'case show',
  group: 'audit',
  summary: `A person’s case as the bearer of the token may see it for a purpose. Personal values are printed only with --open, and only from a running service, which checks who asks and records it before it opens anything. Categories: ${categories.join(', ')}.`,
  options: {
    subject: { ...subjectOption, required: true },
    purpose: { takes: 'code', says: 'a registered purpose, such as SERVICE_PROVISION.', required: true },
    service: { ...serviceOption, required: true },
    open: { says: 'Print personal values. The access is on record under the name of the token’s bearer.' },
  },
  run: async ({ subject, purpose, service, open }, out) => {
    if (!open)
      throw new UsageError(
        'A case holds personal data. With --open its values are printed, and the service records who read them and why; replay --subject tells the history without any.',
      )
    const found = await new Service(service).get(`subjects/${subject}/case`, { purpose })
    out.say(
      found,
      Object.entries(found['fields'] as JsonObject)
        .map(([field, value]) => `${field.padEnd(24)} ${inWords(value)}`)
        .join('\n') || 'No field of this case is on record.',
    )
    return 'done'
  },
})

function inWords(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return String(value)
  if ('erased' in value) return '(erased)'
  return 'masked' in value ? '(not for this role and purpose)' : JSON.stringify(value)
}

async function allOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
