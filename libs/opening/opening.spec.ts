import { newId } from '#commands/ids'
import { examples } from '#domain/person/examples'
import { subjectRef } from '#domain/person/invented'
import { StoreUnavailable } from '#event-store/event-store'
import type { StaffRole } from '#kernel/actor'
import type { Sealed } from '#kernel/personal'
import { KeyMissing, KeyStoreUnavailable, SealBroken } from '#subject-keys/subject-keys'
import { machineReader } from './access-record.js'
import { type SealedValue } from './recorded-vault.js'
import { breachId, correlationId, refusalsPerSecond, world, recordOf, reader, type World, fenced } from './spec.js'

async function read({ opening, record }: World, role: StaffRole, purpose: string, what = record) {
  const need = await opening.needOfRecord(reader(role), purpose, subjectRef)
  if (!need.ok) throw new Error(need.refusal.code)
  return opening.record(need.value, subjectRef, what)
}
const hidden = async (shown: ReturnType<typeof read>, how: 'masked' | 'erased') =>
  Object.entries(await shown).flatMap(([field, value]) => (value === how ? [field] : []))

test('[C37] the access is on record, with the fields that are opened, before the vault is asked', async () => {
  const w = await world()
  const shown = await read(w, 'ips-worker', 'EMPLOYMENT_SUPPORT')
  expect(w.happened).toEqual(['RecordAccessed', 'opened 7'])
  expect([shown['ID.name'], shown['EMP.status']]).toEqual([{ known: 'Perpetua Vantongeren' }, { known: 'UNEMPLOYED' }])
  const [event] = await w.events()
  const fields = Object.keys(shown).filter(field => field !== 'HLT.summary')
  expect(event).toMatchObject({
    data: { subjectRef, what: 'CASE', fields },
    metadata: { purpose: 'EMPLOYMENT_SUPPORT', correlationId, command: 'Read' },
  })
})
test('[C37] what cannot be recorded is not opened', async () => {
  const w = await world()
  w.store.refusesAccess = true
  await expect(read(w, 'ips-worker', 'EMPLOYMENT_SUPPORT')).rejects.toBeInstanceOf(StoreUnavailable)
  await expect(w.opening.words(reader('dpo'), ...aboutBreach(w.record.values['ID.name']))).rejects.toBeInstanceOf(StoreUnavailable)
  await expect(w.vault.held(machineReader('spec'), workOn(await w.held()))).rejects.toBeInstanceOf(StoreUnavailable)
  expect(w.happened).toEqual([])
})

describe('need-to-know', () => {
  test('masks by purpose: health is not opened to support somebody into a job', async () => {
    const w = await world()
    expect(await hidden(read(w, 'ips-worker', 'EMPLOYMENT_SUPPORT'), 'masked')).toEqual(['HLT.summary'])
    expect(await hidden(read(w, 'ips-worker', 'HEALTHCARE'), 'masked')).toEqual(['EMP.status'])
  })
  test('masks by role and category: the same purpose shows a back office no health data', async () => {
    const w = await world()
    expect(await hidden(read(w, 'back-office', 'SERVICE_PROVISION'), 'masked')).toEqual(['HLT.summary'])
    expect(await hidden(read(w, 'team-leader', 'SERVICE_PROVISION'), 'masked')).toEqual([])
  })
  test('a view that opens nothing is on record all the same', async () => {
    const w = await world()
    expect(await hidden(read(w, 'auditor', 'AUDIT'), 'masked')).toEqual(Object.keys(w.record.values))
    expect(await w.events()).toMatchObject([{ type: 'RecordAccessed', data: { fields: [] } }])
  })
  test.each([
    ['back-office', 'HEALTHCARE', 'NO_NEED_TO_KNOW'],
    ['accountable-executive', 'SERVICE_PROVISION', 'NO_NEED_TO_KNOW'],
    ['dpo', 'CURIOSITY', 'PURPOSE_NOT_REGISTERED'],
  ] as const)('a denial to %s for %s is answered, and on record', async (role, purpose, code) => {
    const w = await world()
    expect(await w.opening.needToKnow(reader(role), purpose)).toEqual({ ok: false, refusal: { code } })
    await new Promise(setImmediate)
    expect(await w.events()).toMatchObject([{ type: 'CommandRefused', data: { code, command: 'Access' } }])
  })
})

test('of the refusals of a second only so many are on record, and the log says once that there were more', async () => {
  const w = await world()
  for (let n = 0; n < refusalsPerSecond + 2; n++) await w.opening.needToKnow(reader('back-office'), 'HEALTHCARE')
  await new Promise(setImmediate)
  expect(await w.events()).toHaveLength(refusalsPerSecond)
  expect(w.happened.filter(what => what !== 'CommandRefused')).toEqual(['more refusals came in a second than are recorded'])
})

describe('what is erased', () => {
  test('is erased by the fence in the log, before the vault and the view have followed it, also to those who see it masked', async () => {
    const w = await world()
    await w.append(`person-${subjectRef}`, await fenced(w, 'HLT'))
    expect(await hidden(read(w, 'team-leader', 'SERVICE_PROVISION'), 'erased')).toEqual(['HLT.summary'])
    expect(await hidden(read(w, 'auditor', 'AUDIT'), 'erased')).toEqual(['HLT.summary'])
    expect(w.happened).toEqual(['ErasureFenced', 'RecordAccessed', 'opened 7', 'RecordAccessed', 'opened 0'])
  })
  test('what is given again after an erasure of a part is opened, and what was erased stays so', async () => {
    const w = await world()
    await w.append(`person-${subjectRef}`, await fenced(w, 'HLT'))
    await w.keys.close({
      subject: subjectRef,
      scopes: ['HLT'],
      kids: [w.record.values['HLT.summary']!.kid],
      fenceEventId: newId(),
      cause: 'PART_ERASED',
    })
    await w.append(`person-${subjectRef}`, examples.HealthDataRecorded)
    expect(await hidden(read(w, 'team-leader', 'SERVICE_PROVISION'), 'erased')).toEqual(['HLT.summary'])
    expect((await read(w, 'team-leader', 'SERVICE_PROVISION', recordOf(await w.held())))['HLT.summary']).toEqual({ known: 'in recovery' })
  })
  test('is not opened where the view has it as erased', async () => {
    const w = await world()
    const fields = { ...w.record.facts.fields, 'ID.name': { category: 'ID', scope: 'REF', erased: true } as const }
    expect(await hidden(read(w, 'ips-worker', 'EMPLOYMENT_SUPPORT', { ...w.record, facts: { fields } }), 'erased')).toEqual(['ID.name'])
    expect(w.happened).toEqual(['RecordAccessed', 'opened 6'])
  })
  test('is something else than a vault that cannot be reached, a key that is lost and a value that was moved', async () => {
    const w = await world()
    const asked = { subject: { kind: 'person', id: subjectRef }, purpose: 'SERVICE_PROVISION', what: 'CASE' } as const
    const sealed = w.record.values['EMP.status']!
    const open = (change: Partial<SealedValue> = {}) =>
      w.vault.open(reader('dpo'), asked, [{ sealed, scope: 'EMP', declared: ['PersonalDetailsRecorded|values.status'], ...change }])
    expect(await open()).toEqual([{ known: 'UNEMPLOYED' }])
    w.keys.unreachable = true
    await expect(open()).rejects.toBeInstanceOf(KeyStoreUnavailable)
    w.keys.unreachable = false
    await expect(open({ sealed: { ...sealed, ct: w.record.values['ID.name']!.ct } })).rejects.toBeInstanceOf(SealBroken)
    await expect(open({ declared: ['PersonalDetailsRecorded|values.wish'] })).rejects.toBeInstanceOf(SealBroken)
    w.keys.lose(sealed.kid)
    await expect(open()).rejects.toBeInstanceOf(KeyMissing)
    await w.keys.close({ subject: subjectRef, scopes: ['EMP'], kids: [sealed.kid], fenceEventId: newId(), cause: 'ERASURE' })
    expect(await open()).toEqual(['erased'])
  })
})

const aboutBreach = (sealed: Sealed | undefined) =>
  [
    'RESPOND_TO_BREACH',
    { subject: { kind: 'breach', id: breachId }, purpose: 'BREACH_RESPONSE', what: 'BREACH' },
    [{ sealed, scope: 'NARR', declared: ['BreachReported|summary'] }],
  ] as const
describe('words that are no field of a record', () => {
  const withSummary = async () => {
    const w = await world()
    for await (const { data } of w.store.readStream(`breach-${breachId}`)) return { ...w, summary: data['summary'] as Sealed }
    throw new Error('no breach was reported')
  }
  test('are opened, on record, to whoever the capability lets read them', async () => {
    const { opening, summary, happened } = await withSummary()
    expect(await opening.words(reader('breach-responder'), ...aboutBreach(summary))).toEqual([
      { known: 'A letter went to the wrong house.' },
    ])
    expect(happened).toEqual(['RecordAccessed', 'opened 1'])
  })
  test('are masked to an auditor, who reads the register; nothing was opened, so nothing is recorded', async () => {
    const { opening, summary, happened } = await withSummary()
    expect(await opening.words(reader('auditor'), ...aboutBreach(summary))).toEqual(['masked'])
    expect(happened).toEqual([])
  })
  test('are erased where none are left', async () => {
    const { opening, happened } = await withSummary()
    for (const role of ['dpo', 'auditor'] as const) expect(await opening.words(reader(role), ...aboutBreach(undefined))).toEqual(['erased'])
    expect(happened).toEqual([])
  })
})

const workOn = (fields: Awaited<ReturnType<World['held']>>) =>
  ({ subjectRef, fields, what: 'SEARCH', purpose: 'SERVICE_PROVISION' }) as const
describe('the machine’s own work', () => {
  test('opens fields of a record on record, under the machine’s name and its command, whatever a role may see', async () => {
    const w = await world()
    const fields = (await w.held()).filter(([field]) => field === 'HLT.summary')
    expect(await w.vault.held(machineReader('vault.reindex'), workOn(fields))).toEqual(new Map([['HLT.summary', 'in recovery']]))
    const [event] = await w.events()
    const { commandId } = event?.metadata as { commandId: string }
    expect(event?.metadata).toMatchObject({ command: 'vault.reindex', correlationId: commandId, actor: { role: 'system' } })
  })
  test('leaves out what was erased meanwhile, and asks and records nothing for no fields', async () => {
    const w = await world()
    const before = await w.held()
    await w.append(`person-${subjectRef}`, await fenced(w, 'REF', 'HLT'))
    w.happened.length = 0
    expect(await w.opening.held(reader('integration'), workOn(before))).toEqual(new Map([['EMP.status', 'UNEMPLOYED']]))
    expect(await w.vault.held(machineReader('vault.reindex'), workOn([]))).toEqual(new Map())
    expect(w.happened).toEqual(['RecordAccessed', 'opened 1'])
  })
})
