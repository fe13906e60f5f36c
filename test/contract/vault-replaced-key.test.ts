import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DisclosureRequested } from '#domain/person/disclosure/events'
import { examples } from '#domain/person/examples'
import { person } from '#domain/person/person'
import { DemographicsRecorded, OffenceDataRecorded, PersonalDetailsCorrected } from '#domain/person/details/events'
import { recordDetails } from '#domain/person/details/record-details'
import { reconcileKeys } from '#key-keeping/reconcile-keys'
import { reindexPerson } from '#key-keeping/reindex'
import { NotReplaceable, replaceSubjectKey } from '#key-keeping/replace-key'
import type { Category } from '#event-kit/scope'
import { Personal } from '#kernel/personal'
import { accept } from '#kernel/result'
import { carryOutRetirement, retirementBegunBy } from '#processes/retirement'
import { compareWithRebuilt, rebuild } from '#projections/postgres/rebuild'
import { envelopeOf } from '#event-codec/sealed'
import { projections } from '#read-models/all'
import { findCase } from '#read-models/case-view/queries'
import { backUpVault } from '#subject-keys/postgres/vault-backup'
import { KeyMissing } from '#subject-keys/subject-keys'
import { instead } from '../support/instead.js'
import { erase, refer, words } from '../support/people.js'
import {
  asAdmin,
  gone,
  openAll,
  placeOf,
  readable,
  reconciled,
  recordedCommand,
  restoreOver,
  rewindLogTo,
  sealedOf,
} from '../support/vault-life.js'
import { facts, project, world } from '../support/world.js'

let w: Awaited<ReturnType<typeof world>>
beforeEach(async () => {
  w = await world()
})
afterEach(async () => {
  await w.end()
})

const file = (name: string) => join(w.folder, name)

describe('a key that is replaced', () => {
  test('what was recorded of offences, demographics, or corrected, is sealed again as that, with its condition', async () => {
    const subjectRef = await refer(w)
    const said = (category: Category, name: string) => ({
      ...({
        subjectRef,
        category,
        provenance: 'STARS',
        fieldCodes: [`${category}.${name}`],
        values: { [name]: Personal.of(words) },
      } as const),
    })
    const { length } = await w.commands
      .execute({
        aggregate: person,
        id: subjectRef,
        facts: facts(),
        decide: () =>
          accept([
            OffenceDataRecorded.of({ ...said('CRM', 'offences'), condition: 'para-10' }),
            DemographicsRecorded.of(said('DEM-RE', 'ethnicity')),
            PersonalDetailsCorrected.of({ ...said('EMP', 'status'), supersedes: [] }),
          ]),
      })
      .then(outcome => (outcome.kind === 'accepted' ? outcome.events : []))
    expect(length).toBe(3)
    for (const scope of ['CRM', 'DEM', 'EMP'] as const)
      expect((await replaceSubjectKey(w, { subjectRef, scope, cause: 'COMPROMISED' })).kept).toBe(1)
    const { held } = (await w.folds.load(person, subjectRef)).state
    expect(['CRM.offences', 'DEM-RE.ethnicity', 'EMP.status'].map(field => held.get(field)?.condition)).toEqual([
      'para-10',
      undefined,
      undefined,
    ])
    const sealed = ['CRM.offences', 'DEM-RE.ethnicity', 'EMP.status'].map(field => envelopeOf(held.get(field)!.value))
    expect(sealed.map(one => placeOf(one)[0])).toEqual([
      'OffenceDataRecorded|values.offences',
      'DemographicsRecorded|values.ethnicity',
      'PersonalDetailsRecorded|values.status',
    ])
    expect(await w.keys.open(sealed.map(one => ({ subject: subjectRef, sealed: one, declared: placeOf(one) })))).toEqual(
      sealed.map(() => ({ known: words })),
    )
  })
  test('what stays is sealed again under the next generation; what was sealed before opens nothing, also in an old vault', async () => {
    const subjectRef = await refer(w)
    await backUpVault(w.vault.sql, file('before'), w.clock.now())
    const [old] = (await sealedOf(w, subjectRef)).slice(2)
    const { kept, kid } = await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'COMPROMISED' })
    expect([kept, kid]).toEqual([1, old?.kid])
    const field = (await w.folds.load(person, subjectRef)).state.held.get('HLT.summary')
    const fresh = envelopeOf(field!.value)
    const open = () => w.keys.open([old!, fresh].map(sealed => ({ subject: subjectRef, sealed, declared: placeOf(sealed) })))
    expect([fresh.kid === old!.kid, field!.provenance, await open()]).toEqual([false, 'PERSON', ['erased', { known: words }]])
    await project(w)
    expect((await findCase(w.sql, subjectRef))?.values['HLT.summary']?.kid).toBe(fresh.kid)
    expect((await reconciled(w)).erased).toBe(1)
    await restoreOver(w, file('before'))
    await expect(open()).rejects.toBeInstanceOf(KeyMissing)
    expect((await w.keys.open([{ subject: subjectRef, sealed: old!, declared: placeOf(old!) }]))[0]).toBe('erased')
  })
  test('a field that is left out is erased, and the others stay', async () => {
    const subjectRef = await refer(w)
    await w.commands.execute({
      aggregate: person,
      id: subjectRef,
      facts: facts(),
      decide: recordDetails.decide(
        { subjectRef, category: 'HLT', provenance: 'STARS', items: { needs: Personal.of('large print') } },
        { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' },
      ),
    })
    await w.keys.reserve(await recordedCommand(w, subjectRef), subjectRef, [{ field: 'phone', value: '07700900998', scope: 'CON' }])
    await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'FIELD_ERASED', without: 'HLT.needs' })
    expect(await w.keys.find({ field: 'phone', value: '07700900998' })).toEqual([])
    await project(w)
    const found = await findCase(w.sql, subjectRef)
    expect([
      found?.facts.fields['HLT.needs']?.erased,
      found?.facts.fields['HLT.summary']?.erased,
      Object.keys(found?.values ?? {}).sort(),
    ]).toEqual([true, false, ['HLT.summary', 'ID.name']])
    expect([...(await w.folds.load(person, subjectRef)).state.held.keys()]).toEqual(['ID.name', 'HLT.summary'])
    for (const projection of projections)
      for await (const compared of compareWithRebuilt([projection], w))
        if ('live' in compared) expect([projection.name, compared.live]).toEqual([projection.name, compared.rebuilt])
  })
  test('an old vault brings back an erased field’s key and its search token: both go before anything is opened or found', async () => {
    const subjectRef = await refer(w)
    const told = facts()
    await w.keys.reserve(told.commandId, subjectRef, [{ field: 'phone', value: '07700900995', scope: 'CON' }])
    await w.commands.execute({
      aggregate: person,
      id: subjectRef,
      facts: told,
      decide: recordDetails.decide(
        {
          subjectRef,
          category: 'CON',
          provenance: 'PERSON',
          items: { phone: Personal.of('07700900995'), email: Personal.of('a@example.invalid') },
        },
        { mayRecord: true, unknownFields: 0, nhsNumber: 'NOT_GIVEN' },
      ),
    })
    await backUpVault(w.vault.sql, file('before'), w.clock.now())
    await replaceSubjectKey(w, { subjectRef, scope: 'CON', cause: 'FIELD_ERASED', without: 'CON.phone' })
    expect(await w.keys.find({ field: 'phone', value: '07700900995' })).toEqual([])
    await restoreOver(w, file('before'))
    expect(await w.keys.find({ field: 'phone', value: '07700900995' })).toEqual([])
    expect((await reconciled(w)).lost).toEqual({ [subjectRef]: 1 })
  })
  test('not one that seals texts which would be lost with it', async () => {
    const subjectRef = await refer(w)
    await expect(replaceSubjectKey(w, { subjectRef, scope: 'REF', cause: 'COMPROMISED' })).rejects.toBeInstanceOf(NotReplaceable)
    expect(await openAll(w, subjectRef)).toEqual(readable)
  })
  test('not one that sealed such a text while it was being replaced', async () => {
    const subjectRef = await refer(w)
    const [, , value] = await sealedOf(w, subjectRef)
    const {
      keys: [key],
    } = await w.keys.seal([{ subject: subjectRef, scope: 'HLT', at: 'e|T.v1|f', plaintext: '"x"' }])
    const raced = instead(w.keys, {
      renew: async (...of: Parameters<typeof w.keys.renew>) => {
        const id = randomUUID()
        const {
          events: [event],
        } = await w.codec.encode([
          {
            id,
            type: 'DisclosureRequested',
            data: { ...examples.DisclosureRequested.data, subjectRef },
            metadata: { ...facts(), occurredAt: w.clock.now() },
          },
        ])
        const {
          sealed: [necessity],
        } = await w.keys.seal([
          {
            subject: subjectRef,
            scope: 'HLT',
            at: `${id}|DisclosureRequested.v${DisclosureRequested.version}|necessity`,
            plaintext: '"late"',
          },
        ])
        const last = await w.store.lastOf(`person-${subjectRef}`)
        await w.store.append(`person-${subjectRef}`, last!.revision, [{ ...event!, data: { ...event!.data, necessity } as never }])
        await w.keys.renew(...of)
      },
    })
    await expect(replaceSubjectKey({ ...w, keys: raced }, { subjectRef, scope: 'HLT', cause: 'COMPROMISED' })).rejects.toBeInstanceOf(
      NotReplaceable,
    )
    expect(key?.kid).toBe(value?.kid)
    expect(await openAll(w, subjectRef)).toEqual(readable)
  })
  describe('and whose replacement is then lost, because an older log came back', () => {
    /** A key replaced after a back-up of the vault and at a known place in the log. */
    async function replacedAfterBackUp(cause: 'COMPROMISED' | 'FIELD_ERASED') {
      const subjectRef = await refer(w)
      await w.keys.passGate()
      const yesterday = (await w.store.head()) as bigint
      await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
      await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause, without: cause === 'FIELD_ERASED' ? 'HLT.summary' : undefined })
      w.keys.doubt()
      await w.keys.passGate()
      await rewindLogTo(w, yesterday)
      w.folds.forget()
      w.keys.doubt()
      return subjectRef
    }
    const toReplace = async () => (await reconcileKeys(w)).toReplace.map(({ scope }) => scope)

    test('with an old vault too, a key that others may know goes on, and is to be replaced again', async () => {
      const subjectRef = await replacedAfterBackUp('COMPROMISED')
      await restoreOver(w, file('yesterday'))
      expect(await w.keys.passGate()).toMatchObject({ reinstated: 1, undead: 0, refenced: 0, lost: [] })
      expect(await openAll(w, subjectRef)).toEqual(readable)
      expect([await toReplace(), await reconciled(w)]).toEqual([['HLT'], { erased: 0, lost: {}, undead: {}, orphans: {}, fencesLost: 0 }])
      await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'COMPROMISED' })
      expect([await toReplace(), (await openAll(w, subjectRef))[2]]).toEqual([[], 'erased'])
      w.keys.doubt()
      expect(await w.keys.passGate()).toMatchObject({ reinstated: 0, undead: 0 })
    })
    test('with an old vault too, a key that sealed an erased field opens nothing; what else it sealed is lost, not erased', async () => {
      const subjectRef = await replacedAfterBackUp('FIELD_ERASED')
      await restoreOver(w, file('yesterday'))
      expect(await w.keys.passGate()).toMatchObject({ reinstated: 1, refenced: 0 })
      await expect(openAll(w, subjectRef)).rejects.toBeInstanceOf(KeyMissing)
      await expect(
        w.keys.seal([{ subject: subjectRef, scope: 'HLT', at: 'e|T.v1|f', plaintext: '"a second key"' }]),
      ).rejects.toBeInstanceOf(KeyMissing)
      expect(await reconciled(w)).toEqual({ erased: 0, lost: { [subjectRef]: 1 }, undead: {}, orphans: {}, fencesLost: 0 })
    })
    test('with today’s vault it is lost: nobody has it any more, and nothing was erased', async () => {
      const subjectRef = await replacedAfterBackUp('COMPROMISED')
      expect(await w.keys.passGate()).toMatchObject({ rewound: true, reinstated: 1, refenced: 0 })
      await expect(openAll(w, subjectRef)).rejects.toBeInstanceOf(KeyMissing)
      expect(await reconciled(w)).toMatchObject({ erased: 0, lost: { [subjectRef]: 1 }, fencesLost: 0 })
      expect([...(await w.folds.load(person, subjectRef)).state.keys.closed]).toEqual([])
    })
    test('an erasure that came after it is put back over the key that this log still takes for live', async () => {
      const subjectRef = await refer(w)
      const yesterday = (await w.store.head()) as bigint
      await backUpVault(w.vault.sql, file('yesterday'), w.clock.now())
      await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'FIELD_ERASED', without: 'HLT.summary' })
      await erase(w, subjectRef)
      await rewindLogTo(w, yesterday)
      w.folds.forget()
      await restoreOver(w, file('yesterday'))
      expect(await openAll(w, subjectRef)).toEqual(gone)
      expect(await reconciled(w)).toMatchObject({ lost: {}, undead: {}, fencesLost: 0 })
      for await (const _ of rebuild(projections, w));
      expect((await findCase(w.sql, subjectRef))?.values).toEqual({})
    })
    test('a wrong old log that is put right again leaves nothing behind', async () => {
      const subjectRef = await refer(w)
      const yesterday = (await w.store.head()) as bigint
      await w.keys.reserve(await recordedCommand(w, subjectRef), subjectRef, [{ field: 'phone', value: '07700900996', scope: 'HLT' }])
      await replaceSubjectKey(w, { subjectRef, scope: 'HLT', cause: 'COMPROMISED' })
      w.keys.doubt()
      await w.keys.passGate()
      await asAdmin(w, sql => sql`create table public.kept as select * from event_store.event`)
      await rewindLogTo(w, yesterday)
      w.folds.forget()
      w.keys.doubt()
      expect((await w.keys.passGate())?.lost).toHaveLength(1)
      await asAdmin(
        w,
        sql => sql`insert into event_store.event overriding system value select * from public.kept where position > ${String(yesterday)}`,
      )
      w.folds.forget()
      w.keys.doubt()
      expect(await w.keys.passGate()).toMatchObject({ lost: [] })
      expect(await w.keys.find({ field: 'phone', value: '07700900996' })).toHaveLength(1)
      expect((await reconciled(w)).lost).toEqual({})
    })
    test('an erasure afterwards is an erasure', async () => {
      const subjectRef = await replacedAfterBackUp('FIELD_ERASED')
      await restoreOver(w, file('yesterday'))
      await project(w).catch(() => undefined)
      for await (const _ of rebuild(projections, w));
      await erase(w, subjectRef)
      expect(await openAll(w, subjectRef)).toEqual(gone)
    })
  })
  test('interrupted after its record, it is finished by the worker, and the erased field’s search token goes too', async () => {
    const subjectRef = await refer(w)
    const [old] = (await sealedOf(w, subjectRef)).slice(2)
    await w.keys.reserve(await recordedCommand(w, subjectRef), subjectRef, [{ field: 'phone', value: '07700900997', scope: 'CON' }])
    await replaceSubjectKey(
      { ...w, keys: instead(w.keys, { close: () => Promise.reject(new Error('killed here')) }) },
      { subjectRef, scope: 'HLT', cause: 'FIELD_ERASED', without: 'HLT.summary' },
    ).catch(() => undefined)
    expect(await w.keys.probe(subjectRef, [old!])).toBe(1)
    for await (const recorded of w.store.readStream(`person-${subjectRef}`)) {
      const work = retirementBegunBy(w.codec.decode(recorded))
      if (work) await carryOutRetirement(work, { ...w, reindex: ref => reindexPerson(w, ref) })
    }
    expect(await w.keys.probe(subjectRef, [old!])).toBe(0)
    expect(await w.keys.find({ field: 'phone', value: '07700900997' })).toEqual([])
  })
})
