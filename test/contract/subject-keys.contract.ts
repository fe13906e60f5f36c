import { randomUUID } from 'node:crypto'
import { scopes } from '#event-kit/scope'
import type { Sealed } from '#kernel/personal'
import { type BlindIndex, KeyMissing, KeyStoreUnavailable, SealBroken, SubjectErased, type SubjectKeys } from '#subject-keys/subject-keys'

export type VaultUnderTest = {
  readonly open: () => Promise<{ readonly keys: SubjectKeys & BlindIndex; close(): Promise<void> }>
  /** Makes the store unreachable, until the answer is called. */
  readonly breakStore: () => Promise<() => Promise<void>>
  /** Loses a key without an erasure, as a bad restore does. */
  readonly loseKey: (kid: string) => Promise<void>
}

const words = 'Tamsin Okafor-Lindqvist'
const place = (path = 'person.name') => `${randomUUID()}|ReferralReceived.v1|${path}`
const declared = ['ReferralReceived|person.name']

/** What the codec, the reads and the erasure process may rely on, against any vault. */
export function subjectKeysContract(adapter: string, under: VaultUnderTest) {
  describe(`subject-keys contract [${adapter}]`, () => {
    let keys: SubjectKeys & BlindIndex
    let close: () => Promise<void>
    beforeAll(async () => {
      ;({ keys, close } = await under.open())
    })
    afterAll(async () => {
      await close()
    })

    const sealOne = async (subject: string, plaintext = JSON.stringify(words), at = place()) => {
      const { sealed, keys: used } = await keys.seal([{ subject, scope: 'REF', at, plaintext }])
      return { sealed: sealed[0]!, key: used[0]! }
    }
    const openOne = async (subject: string, sealed: Sealed) => (await keys.open([{ subject, sealed, declared }]))[0]
    const fence = (subject: string, kids: readonly string[]) => ({
      subject,
      scopes: scopes.filter(scope => scope !== 'EVID'),
      kids,
      fenceEventId: randomUUID(),
      cause: 'ERASURE' as const,
    })

    test('what is sealed opens for its subject, and shows nothing of itself', async () => {
      const subject = randomUUID()
      const { sealed } = await sealOne(subject)
      expect(JSON.stringify(sealed)).not.toContain('Tamsin')
      expect(await openOne(subject, sealed)).toEqual({ known: words })
    })
    test('a batch is sealed under one key a scope, and answers the facts of each key', async () => {
      const subject = randomUUID()
      const { sealed, keys: used } = await keys.seal([
        { subject, scope: 'ID', at: place(), plaintext: '"a"' },
        { subject, scope: 'HLT', at: place(), plaintext: '"b"' },
        { subject, scope: 'ID', at: place(), plaintext: '"c"' },
      ])
      expect(used.map(({ scope }) => scope).sort()).toEqual(['HLT', 'ID'])
      expect(sealed[0]!.kid).toBe(sealed[2]!.kid)
      expect(used.every(({ kc }) => /^[\w-]{43}$/.test(kc))).toBe(true)
    })
    test('sixteen writers who come first mint one key', async () => {
      const subject = randomUUID()
      const sealed = await Promise.all(Array.from({ length: 16 }, () => sealOne(subject)))
      expect(new Set(sealed.map(one => one.sealed.kid)).size).toBe(1)
      for (const one of sealed) expect(await openOne(subject, one.sealed)).toEqual({ known: words })
    })
    test('the length of a code does not show', async () => {
      const subject = randomUUID()
      const sealed = await Promise.all(['"A"', '"HETEROSEXUAL"', '"PREFER_NOT_TO_SAY"'].map(code => sealOne(subject, code)))
      expect(new Set(sealed.map(one => one.sealed.ct.length)).size).toBe(1)
    })
    test('every value has an IV of its own', async () => {
      const subject = randomUUID()
      const { sealed } = await keys.seal(
        Array.from({ length: 500 }, () => ({ subject, scope: 'ID' as const, at: place(), plaintext: '"x"' })),
      )
      expect(new Set(sealed.map(({ iv }) => iv)).size).toBe(500)
    })
    test('after the erasure it answers erased, and nothing more is sealed there', async () => {
      const subject = randomUUID()
      const { sealed, key } = await sealOne(subject)
      expect(await keys.close(fence(subject, [key.kid]))).toContain(key.kid)
      expect(await openOne(subject, sealed)).toBe('erased')
      await expect(sealOne(subject)).rejects.toBeInstanceOf(SubjectErased)
      expect(await keys.remaining(subject, [key.kid], ['REF'])).toEqual({ keys: 0, indexRows: 0 })
      expect(await keys.probe(subject, [sealed])).toBe(0)
    })
    test('an erasure closes scopes that never had a key', async () => {
      const subject = randomUUID()
      await keys.close(fence(subject, []))
      await expect(keys.seal([{ subject, scope: 'HLT', at: place(), plaintext: '"x"' }])).rejects.toBeInstanceOf(SubjectErased)
    })
    test('erasing twice is erasing once', async () => {
      const subject = randomUUID()
      const { sealed, key } = await sealOne(subject)
      await keys.close(fence(subject, [key.kid]))
      await keys.close(fence(subject, [key.kid]))
      expect(await openOne(subject, sealed)).toBe('erased')
    })
    test('a scope that is kept stays readable, and so does another person', async () => {
      const [subject, other] = [randomUUID(), randomUUID()]
      const { sealed, keys: used } = await keys.seal([
        { subject, scope: 'EVID', at: place(), plaintext: '"kept"' },
        { subject, scope: 'REF', at: place(), plaintext: '"gone"' },
      ])
      const others = await sealOne(other)
      await keys.close(
        fence(
          subject,
          used.filter(({ scope }) => scope === 'REF').map(({ kid }) => kid),
        ),
      )
      expect(await openOne(subject, sealed[0]!)).toEqual({ known: 'kept' })
      expect(await openOne(subject, sealed[1]!)).toBe('erased')
      expect(await openOne(other, others.sealed)).toEqual({ known: words })
    })
    test('an erasure while writers seal: nothing sealed before or after it opens', async () => {
      const subject = randomUUID()
      const { key } = await sealOne(subject)
      const writers = Array.from({ length: 12 }, () =>
        sealOne(subject).then(
          ({ sealed }) => sealed,
          () => undefined,
        ),
      )
      await keys.close(fence(subject, [key.kid]))
      for (const sealed of await Promise.all(writers)) if (sealed) expect(await openOne(subject, sealed)).toBe('erased')
      await expect(sealOne(subject)).rejects.toBeInstanceOf(SubjectErased)
    })
    test('a lost key is an error, never an erasure', async () => {
      const subject = randomUUID()
      const { sealed, key } = await sealOne(subject)
      await under.loseKey(key.kid)
      await expect(openOne(subject, sealed)).rejects.toBeInstanceOf(KeyMissing)
    })
    test('a changed, moved or swapped value is tampering, never an erasure', async () => {
      const [subject, other] = [randomUUID(), randomUUID()]
      const { sealed } = await sealOne(subject)
      const flipped = Buffer.from(sealed.ct, 'base64url')
      flipped[3] = flipped[3]! ^ 1
      await expect(openOne(subject, { ...sealed, ct: flipped.toString('base64url') })).rejects.toBeInstanceOf(SealBroken)
      await expect(openOne(subject, { ...sealed, at: place() })).rejects.toBeInstanceOf(SealBroken)
      await expect(openOne(other, sealed)).rejects.toBeInstanceOf(SealBroken)
      await expect(keys.open([{ subject, sealed, declared: ['ReferralReceived|person.phone'] }])).rejects.toBeInstanceOf(SealBroken)
      await expect(openOne(subject, { ...sealed, ct: 'AAAA' })).rejects.toBeInstanceOf(SealBroken)
    })
    test('an outage throws, and is over when it is over: it never reads as an erasure', async () => {
      const subject = randomUUID()
      const { sealed } = await sealOne(subject)
      const mend = await under.breakStore()
      try {
        await expect(openOne(subject, sealed)).rejects.toBeInstanceOf(KeyStoreUnavailable)
        await expect(sealOne(subject)).rejects.toBeInstanceOf(KeyStoreUnavailable)
        await expect(keys.find({ field: 'phone', value: '1' })).rejects.toBeInstanceOf(KeyStoreUnavailable)
      } finally {
        await mend()
      }
      expect(await openOne(subject, sealed)).toEqual({ known: words })
    })

    const entry = (value: string) => ({ field: 'nhsNumber' as const, value, scope: 'REF' as const })
    test('the blind index finds equal values only, and forgets the erased', async () => {
      const [subject, value] = [randomUUID(), randomUUID()]
      expect(await keys.reserve(randomUUID(), subject, [entry(value)])).toEqual([])
      expect((await keys.find(entry(value))).map(match => match.subject)).toEqual([subject])
      expect(await keys.find(entry(value.slice(0, -1)))).toEqual([])
      expect(await keys.find({ field: 'phone', value })).toEqual([])
      await keys.close(fence(subject, []))
      expect(await keys.find(entry(value))).toEqual([])
      await expect(keys.reserve(randomUUID(), subject, [entry(value)])).rejects.toBeInstanceOf(SubjectErased)
    })
    test('of sixteen concurrent reservations of one value, one sees nobody before it', async () => {
      const value = randomUUID()
      const seen = await Promise.all(Array.from({ length: 16 }, () => keys.reserve(randomUUID(), randomUUID(), [entry(value)])))
      expect(seen.filter(matches => matches.length === 0)).toHaveLength(1)
    })
    test('a reservation whose subject never came to be is swept; others stay', async () => {
      const [ghost, person, value] = [randomUUID(), randomUUID(), randomUUID()]
      await keys.reserve(randomUUID(), ghost, [entry(value)])
      await keys.reserve(randomUUID(), person, [entry(value)])
      const around = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)].map(at => at.toISOString()) as [string, string]
      expect(await keys.sweep('2020-01-01T00:00:00.000Z', '2020-01-02T00:00:00.000Z', () => Promise.resolve(false))).toBe(0)
      expect(await keys.sweep(...around, subject => Promise.resolve(subject !== ghost))).toBe(1)
      expect((await keys.find(entry(value))).map(({ subject }) => subject)).toEqual([person])
    })
    test('a reservation that is taken back is gone, and repeating one changes nothing', async () => {
      const [subject, value, commandId] = [randomUUID(), randomUUID(), randomUUID()]
      await keys.reserve(commandId, subject, [entry(value)])
      expect(await keys.reserve(commandId, subject, [entry(value)])).toEqual([])
      await keys.release(commandId)
      expect(await keys.find(entry(value))).toEqual([])
    })
    test('the index of a subject can be built anew: what it held before is gone', async () => {
      const [subject, other] = [randomUUID(), randomUUID()]
      const phone = (value: string) => ({ field: 'phone' as const, value: `${value}-${subject}`, scope: 'CON' as const })
      const commandId = randomUUID()
      const found = async (value: string) => (await keys.find(phone(value))).map(match => match.subject)
      const reindexed = (...values: string[]) =>
        keys.reindex(subject, () => Promise.resolve({ entries: values.map(phone), recorded: [commandId] }))
      await keys.reserve(commandId, subject, [phone('old')])
      await keys.reserve(randomUUID(), other, [phone('kept')])
      await reindexed('new')
      expect([await found('old'), await found('new')]).toEqual([[], [subject]])
      await reindexed('newer')
      expect([await found('new'), await found('newer')]).toEqual([[], [subject]])
      expect((await keys.find(phone('kept'))).map(match => match.subject)).toEqual([other])
      await keys.close(fence(subject, []))
      await expect(reindexed('again')).rejects.toBeInstanceOf(SubjectErased)
      expect(await found('again')).toEqual([])
    })
    test('the index of a subject can be built anew also where somebody else has the same value', async () => {
      const [subject, other, value] = [randomUUID(), randomUUID(), randomUUID()]
      await keys.reserve(randomUUID(), other, [entry(value)])
      await keys.reindex(subject, () => Promise.resolve({ entries: [entry(value)], recorded: [] }))
      expect((await keys.find(entry(value))).map(match => match.subject).sort()).toEqual([subject, other].sort())
    })
    test('of what was entered for the same, the log’s last stays, and what is not in the log yet', async () => {
      const [subject, other] = [randomUUID(), randomUUID()]
      const [first, second, third, inFlight] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
      const phone = (value: string) => ({ field: 'phone' as const, value: `${value}-${subject}`, scope: 'CON' as const })
      const found = async (value: string) => (await keys.find(phone(value))).map(match => [match.commandId, match.later])
      await keys.reserve(first, subject, [phone('a'), entry(`n-${subject}`)])
      await keys.reserve(first, other, [phone('a')])
      await keys.reserve(second, subject, [phone('b')])
      await keys.reserve(third, subject, [phone('a')])
      expect((await found('a')).filter(([command]) => command === third)).toEqual([[third, []]])
      await keys.reserve(inFlight, subject, [phone('c')])
      expect(await found('b')).toEqual([[second, expect.arrayContaining([third, inFlight])]])
      await keys.settle(subject, [first, second, third])
      await keys.settle(subject, [first, second, third])
      const left = (await keys.find(phone('a'))).map(({ subject: of, commandId }) => [of === subject ? 'person' : 'other', commandId])
      expect([left.sort(), await found('b'), (await found('c')).length]).toEqual([
        [
          ['other', first],
          ['person', third],
        ],
        [],
        1,
      ])
      expect(await keys.find(entry(`n-${subject}`))).toHaveLength(1)
      await keys.release(inFlight)
      expect(await found('c')).toEqual([])
    })
    test('a name entered anew takes the place of one that was folded as before', async () => {
      const [subject, first, second] = [randomUUID(), randomUUID(), randomUUID()]
      const name = (field: 'nameAndDateOfBirth' | 'foldedNameAndDateOfBirth') => ({ field, value: subject, scope: 'ID' as const })
      await keys.reserve(first, subject, [name('nameAndDateOfBirth')])
      await keys.reserve(second, subject, [name('foldedNameAndDateOfBirth')])
      expect((await keys.find(name('nameAndDateOfBirth')))[0]?.later).toEqual([second])
      await keys.settle(subject, [first, second])
      expect([(await keys.find(name('nameAndDateOfBirth'))).length, (await keys.find(name('foldedNameAndDateOfBirth'))).length]).toEqual([
        0, 1,
      ])
    })
    test('what is left of keys is counted by key and by scope, and rows of the index by scope', async () => {
      const subject = randomUUID()
      const { key } = await sealOne(subject)
      await keys.reserve(randomUUID(), subject, [{ field: 'phone', value: subject, scope: 'CON' }])
      expect(await keys.remaining(subject, [key.kid], [])).toEqual({ keys: 1, indexRows: 0 })
      expect(await keys.remaining(subject, [], ['REF'])).toEqual({ keys: 1, indexRows: 0 })
      expect(await keys.remaining(subject, [], ['CON'])).toEqual({ keys: 0, indexRows: 1 })
      expect(await keys.remaining(randomUUID(), [key.kid], ['REF', 'CON'])).toEqual({ keys: 0, indexRows: 0 })
    })
    test('what a command reserved and has not recorded yet outlives a reindexing that knows nothing of it', async () => {
      const subject = randomUUID()
      const phone = (value: string) => ({ field: 'phone' as const, value: `${value}-${subject}`, scope: 'CON' as const })
      const found = async (value: string) => (await keys.find(phone(value))).map(match => match.subject)
      const [recorded, inFlight, later] = [randomUUID(), randomUUID(), randomUUID()]
      await keys.reserve(recorded, subject, [phone('recorded')])
      await keys.reserve(inFlight, subject, [phone('before')])
      await keys.reindex(subject, async () => {
        await keys.reserve(later, subject, [phone('meanwhile')])
        return { entries: [], recorded: [recorded] }
      })
      expect([await found('recorded'), await found('before'), await found('meanwhile')]).toEqual([[], [subject], [subject]])
      await keys.reindex(subject, () => Promise.resolve({ entries: [], recorded: [recorded, inFlight, later] }))
      expect([await found('before'), await found('meanwhile')]).toEqual([[], []])
    })
    test('a key’s next generation seals from then on; the old one opens until it is retired, and both renewals are one', async () => {
      const subject = randomUUID()
      const old = await sealOne(subject)
      await Promise.all([keys.renew(subject, old.key.kid), keys.renew(subject, old.key.kid)])
      const fresh = await sealOne(subject)
      expect([old.key.generation, fresh.key.generation, fresh.key.kid === old.key.kid]).toEqual([1, 2, false])
      expect((await sealOne(subject)).key.kid).toBe(fresh.key.kid)
      expect(await openOne(subject, old.sealed)).toEqual({ known: words })
      await keys.close({ subject, scopes: [], kids: [old.key.kid], fenceEventId: randomUUID(), cause: 'COMPROMISED' })
      expect(await openOne(subject, old.sealed)).toBe('erased')
      expect(await openOne(subject, fresh.sealed)).toEqual({ known: words })
      expect((await sealOne(subject)).key.kid).toBe(fresh.key.kid)
      await expect(keys.renew(subject, old.key.kid)).rejects.toBeInstanceOf(KeyMissing)
    })
    describe('an erasure of a part', () => {
      const part = (subject: string, kids: readonly string[]) =>
        ({ subject, scopes: ['REF', 'HLT'], kids, fenceEventId: randomUUID(), cause: 'PART_ERASED' }) as const
      const number = () => ({ field: 'nhsNumber', value: randomUUID(), scope: 'REF' }) as const
      test('destroys the keys that it names; what is given again is sealed under the next, and found', async () => {
        const [subject, before, again] = [randomUUID(), number(), number()]
        const old = await sealOne(subject)
        await keys.reserve(randomUUID(), subject, [before])
        await keys.renew(subject, old.key.kid)
        expect(await keys.close(part(subject, [old.key.kid]))).toEqual([old.key.kid])
        expect([await openOne(subject, old.sealed), await keys.find(before)]).toEqual(['erased', []])
        const fresh = await sealOne(subject)
        expect([fresh.key.generation, await openOne(subject, fresh.sealed)]).toEqual([2, { known: words }])
        await keys.reserve(randomUUID(), subject, [again])
        expect(await keys.find(again)).toHaveLength(1)
        expect(await keys.remaining(subject, [old.key.kid], [])).toEqual({ keys: 0, indexRows: 0 })
      })
      test('told again, it leaves what was given since; an erasure in full does not', async () => {
        const subject = randomUUID()
        const old = await sealOne(subject)
        await keys.close(part(subject, [old.key.kid]))
        const fresh = await sealOne(subject)
        expect(fresh.key.kid).not.toBe(old.key.kid)
        await keys.close(part(subject, [old.key.kid]))
        expect([await openOne(subject, old.sealed), await openOne(subject, fresh.sealed)]).toEqual(['erased', { known: words }])
        await keys.close(fence(subject, []))
        expect(await openOne(subject, fresh.sealed)).toBe('erased')
        await expect(sealOne(subject)).rejects.toBeInstanceOf(SubjectErased)
        await keys.close(part(subject, [old.key.kid]))
        await expect(sealOne(subject)).rejects.toBeInstanceOf(SubjectErased)
      })
    })
  })
}
