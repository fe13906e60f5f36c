import { randomUUID } from 'node:crypto'
import type { StaffRole } from '#kernel/actor'
import { aReferral, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
/** Later than it is, where a test says so. */
let later = 0
beforeAll(async () => {
  doors = await openDoors({ clock: { now: () => new Date(Date.now() + later).toISOString() } })
})
afterEach(() => {
  later = 0
})
afterAll(() => doors.close())

const some = expect.any(String) as string
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()
const words = 'Somebody was pushed on the stairs.'
const happened = (more: object = {}) => ({ type: 'SAFEGUARDING', severity: 'SEVERE', occurredAt: hourAgo(), narrative: words, ...more })

/** Somebody who works here, and how they ask. */
async function member(role: StaffRole = 'ips-worker') {
  const staff = `somebody-${randomUUID()}`
  const read = (url: string) => doors.read(role, url, { staff })
  const tell = (url: string, body: object, headers = {}) => doors.tell(role, url, body, { staff, headers })
  const sees = async () => {
    await doors.shown()
    return ((await read('incidents?limit=200')).body['items'] as readonly { readonly incidentId: string }[]).map(one => one.incidentId)
  }
  return { role, staffRef: String((await read('me')).body['staffRef']), read, tell, sees }
}
type Member = Awaited<ReturnType<typeof member>>
async function incident(by: Member, more: object = {}) {
  const { status, body } = await by.tell('incidents', happened(more))
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  const incidentId = String(body['incidentId'])
  return { incidentId, at: `incidents/${incidentId}`, body }
}
const person = async () => String((await doors.tell('back-office', 'referrals', aReferral)).body['subjectRef'])
/** Without what is every request's own. */
const bytes = ({ status, body, headers }: Awaited<ReturnType<Member['read']>>) => {
  const { correlationId: _, instance: __, ...same } = body
  const told = Object.entries(headers).filter(([name]) => !/^(date|x-correlation-id|x-ratelimit-.*)$/.test(name))
  return JSON.stringify([status, same, told])
}
/** What the log has on record of this incident, of one type. */
const onRecord = async (type: string, incidentId: string, atLeast = 1) =>
  (await doors.onRecord(type, ({ data }) => data['incidentId'] === incidentId, { atLeast })).map(({ stream, meta, data }) => ({
    stream,
    by: meta.actor.id,
    data,
  }))

test('[C39] [C40] an incident opens for its parties, with whoever was in it, and the reading is on its own record first', async () => {
  const [raiser, other] = [await member('back-office'), await member('team-leader')]
  const subjectRef = await person()
  const { at, incidentId } = await incident(raiser, { parties: [other.staffRef] })
  expect((await raiser.tell(`${at}/people`, { role: 'AFFECTED', subjectRef, words: 'She was pushed.' })).status).toBe(200)
  expect((await raiser.tell(`${at}/people`, { role: 'WITNESS', name: 'Odalys Brandt' })).status).toBe(200)
  const { status, body } = await other.read(at)
  expect([status, body]).toEqual([
    200,
    {
      incidentId,
      revision: some,
      type: 'SAFEGUARDING',
      severity: 'SEVERE',
      state: 'OPEN',
      occurredAt: some,
      raisedAt: some,
      raisedBy: raiser.staffRef,
      narrative: words,
      people: [
        { involvementId: some, role: 'AFFECTED', personRef: subjectRef, words: ['She was pushed.'] },
        { involvementId: some, role: 'WITNESS', name: 'Odalys Brandt', words: [] },
      ],
      parties: [raiser.staffRef, other.staffRef].map(staffRef => ({ staffRef, since: some })),
    },
  ])
  expect(await onRecord('HubIncidentRead', incidentId)).toEqual([
    {
      stream: `incident-${incidentId}`,
      by: other.staffRef,
      data: expect.objectContaining({ ground: 'PARTY', scopes: ['ID', 'NARR'] }) as object,
    },
  ])
  expect(await other.sees()).toEqual([incidentId])
})
test('[C39] who was in it stands nowhere in the clear, and each person has a key of their own there, the same each time', async () => {
  const raiser = await member()
  const subjectRef = await person()
  const { at, incidentId } = await incident(raiser)
  for (const role of ['WITNESS', 'AFFECTED']) await raiser.tell(`${at}/people`, { role, subjectRef })
  await raiser.tell(`${(await incident(raiser)).at}/people`, { role: 'WITNESS', subjectRef })
  const texts: string[] = []
  const involved: string[] = []
  for await (const { stream, type, data } of doors.w.store.readAll()) {
    if (!stream.startsWith('incident-')) continue
    texts.push(JSON.stringify(data))
    if (type === 'PersonAddedToIncident' && data['incidentId'] === incidentId) involved.push(data['involvementId'] as string)
  }
  expect(texts.filter(text => text.includes(subjectRef) || text.includes(words))).toEqual([])
  expect([involved.length, new Set(involved).size]).toEqual([2, 1])
  const announced = await onRecord('InvolvementKeyCreated', incidentId)
  expect(announced.map(({ stream, data }) => [stream, data['involvementId']])).toEqual([[`incident-${incidentId}`, involved[0]]])
  expect(((await raiser.read(at)).body['people'] as readonly object[]).length).toBe(1)
})
test('[C40] for whoever is no party there is none, whatever they ask and with whatever revision: byte for byte', async () => {
  const raiser = await member()
  const { at, incidentId } = await incident(raiser)
  const nowhere = `incidents/${randomUUID()}`
  const { staffRef } = await member()
  const asked: readonly (readonly [string, object])[] = [
    ['people', { role: 'WITNESS', name: 'Odalys Brandt' }],
    ['people', { name: 'Odalys Brandt' }],
    ['parties', { staffRef }],
    ['parties/removal', { staffRef }],
    ['closing', {}],
  ]
  for (const role of ['back-office', 'ips-worker', 'team-leader', 'health-overseer', 'dpo', 'caldicott', 'breach-responder'] as const) {
    // The DPO lets parties in, and the Caldicott Guardian looks at this type: see below.
    if (role === 'caldicott') continue
    const nobody = await member(role)
    for (const url of ['', '/access'])
      expect([role, url, bytes(await nobody.read(at + url))]).toEqual([role, url, bytes(await nobody.read(nowhere + url))])
    for (const [what, body] of asked.filter(([what]) => role !== 'dpo' || !what.startsWith('parties')))
      for (const headers of [{}, { 'if-match': '"0"' }, { 'if-match': '"2"' }]) {
        const answers = [await nobody.tell(`${at}/${what}`, body, headers), await nobody.tell(`${nowhere}/${what}`, body, headers)]
        expect([role, what, bytes(answers[0] as never)]).toEqual([role, what, bytes(answers[1] as never)])
        expect(answers[0]).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
      }
    expect(await nobody.sees()).toEqual([])
  }
  for (const role of ['auditor', 'sysadmin'] as const) expect((await doors.read(role, at)).status).toBe(404)
  expect((await onRecord('HubIncidentRaised', incidentId)).length).toBe(1)
})
test('[C40] a denied read is on record as one of no party, and none of it where others look', async () => {
  const [raiser, nobody] = [await member(), await member('team-leader')]
  const { at, incidentId } = await incident(raiser)
  const nowhere = randomUUID()
  await nobody.read(at)
  await nobody.tell(`${at}/closing`, {})
  await nobody.read(`incidents/${nowhere}`)
  const refusals = await onRecord('CommandRefused', incidentId, 2)
  expect(refusals.map(({ stream, by, data }) => [stream.startsWith('hub-'), by, data['command'], data['code']])).toEqual([
    [true, nobody.staffRef, 'Access', 'NOT_INTERESTED_PARTY'],
    [true, nobody.staffRef, 'CloseHubIncident', 'NOT_INTERESTED_PARTY'],
  ])
  expect((await onRecord('CommandRefused', nowhere)).map(({ data }) => data['code'])).toEqual(['NOT_FOUND'])
  await doors.shown()
  await raiser.read(at)
  const { body } = await raiser.read(`${at}/access`)
  const denied = { staffRef: nobody.staffRef, role: 'team-leader', code: 'NOT_INTERESTED_PARTY', at: some }
  expect(body).toMatchObject({
    reads: [{ staffRef: raiser.staffRef, role: 'ips-worker', ground: 'PARTY' }],
    denied: ['Access', 'CloseHubIncident'].map(command => ({ ...denied, command })),
  })
  for (const type of ['CommandRefused', 'HubIncidentRaised', 'HubIncidentRead'])
    expect(JSON.stringify((await doors.read('dpo', `events?type=${type}&limit=1000`)).body)).not.toContain(incidentId)
})
test('[C39] somebody who had nothing to do with it is not taken in, nor a closed incident added to', async () => {
  const raiser = await member()
  const { at } = await incident(raiser)
  expect(await raiser.tell(`${at}/people`, { name: 'Odalys Brandt' })).toMatchObject({
    status: 422,
    body: { code: 'PERSON_NOT_INVOLVED', errors: [{ field: 'role' }] },
  })
  expect((await raiser.tell(`${at}/people`, { role: 'WITNESS' })).body['code']).toBe('INVALID_REQUEST')
  expect((await raiser.tell(`${at}/people`, { role: 'WITNESS', subjectRef: randomUUID() })).body['code']).toBe('INVALID_REQUEST')
  expect((await raiser.tell(`${at}/closing`, { conclusion: 'It was settled.' })).status).toBe(200)
  expect((await raiser.read(at)).body).toMatchObject({ state: 'CLOSED', conclusion: 'It was settled.' })
  for (const [what, body] of [['closing', {}] as const, ['people', { role: 'WITNESS', name: 'Odalys Brandt' }] as const])
    expect(await raiser.tell(`${at}/${what}`, body)).toMatchObject({ status: 409, body: { code: 'INCIDENT_CLOSED' } })
})
test('[C40] a party or the DPO lets a party in, and out unless they are the last; whoever is accused lets nobody in', async () => {
  const [raiser, other, dpo, accused] = [await member(), await member('team-leader'), await member('dpo'), await member('dpo')]
  const { at, incidentId } = await incident(raiser)
  expect((await dpo.tell(`${at}/parties`, { staffRef: other.staffRef })).status).toBe(200)
  expect((await dpo.read(at)).status).toBe(404)
  expect((await other.read(at)).status).toBe(200)
  await raiser.tell(`${at}/people`, { role: 'ALLEGED_RESPONSIBLE', staffRef: accused.staffRef })
  expect(await accused.tell(`${at}/parties`, { staffRef: accused.staffRef })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect(await raiser.tell(`${at}/parties`, { staffRef: randomUUID() })).toMatchObject({
    status: 403,
    body: { code: 'STAFF_NOT_REGISTERED', errors: [{ field: 'staffRef' }] },
  })
  expect((await raiser.tell(`${at}/parties/removal`, { staffRef: other.staffRef })).status).toBe(200)
  expect((await other.read(at)).status).toBe(404)
  expect(await other.sees()).not.toContain(incidentId)
  expect(await raiser.tell(`${at}/parties/removal`, { staffRef: raiser.staffRef })).toMatchObject({
    status: 409,
    body: { code: 'LAST_INTERESTED_PARTY' },
  })
})
test('[C40] a role looks at incidents of its types that it is not in; whoever maintains the system sees that there are some', async () => {
  const [raiser, dpo, caldicott, responder] = [
    await member(),
    await member('dpo'),
    await member('caldicott'),
    await member('breach-responder'),
  ]
  const known = [raiser.staffRef, responder.staffRef]
  const made = async (type: string) => (await incident(raiser, { type, parties: known })).incidentId
  const [safeguarding, death, safety, information] = [
    await made('SAFEGUARDING'),
    await made('DEATH_IN_SERVICE'),
    await made('HEALTH_AND_SAFETY'),
    await made('INFORMATION_GOVERNANCE'),
  ]
  const ours = [safeguarding, death, safety, information]
  const among = async (who: Member) => (await who.sees()).filter(one => ours.includes(one))
  expect(await among(raiser)).toEqual(ours)
  expect([await among(dpo), await among(caldicott), await among(responder)]).toEqual([[information], [safeguarding, death], [information]])
  const reads = (who: Member) => Promise.all(ours.map(async one => (await who.read(`incidents/${one}`)).status))
  expect(await reads(dpo)).toEqual([404, 404, 404, 200])
  expect(await reads(caldicott)).toEqual([200, 200, 404, 404])
  expect(await reads(responder)).toEqual([404, 404, 404, 200])
  expect((await onRecord('HubIncidentRead', death)).map(({ data }) => data['ground'])).toEqual(['ROLE'])
  await raiser.tell(`incidents/${information}/people`, { role: 'ALLEGED_RESPONSIBLE', staffRef: dpo.staffRef })
  expect([await among(dpo), await reads(dpo)]).toEqual([[], [404, 404, 404, 404]])
  expect(await caldicott.tell(`incidents/${safeguarding}/parties`, { staffRef: caldicott.staffRef })).toMatchObject({
    status: 403,
    body: { code: 'ROLE_NOT_PERMITTED' },
  })
  const maintains = await member('sysadmin')
  expect(await among(maintains)).toEqual(ours)
  expect((await maintains.read(`incidents/${safety}`)).status).toBe(404)
})
test('[C39] an incident is raised whatever became of somebody’s training, and is read with one that is in date', async () => {
  const raiser = await member()
  const trained = { course: 'DATA-PROTECTION', completedAt: hourAgo() }
  expect((await doors.tell('team-leader', `staff/${raiser.staffRef}/training`, trained)).status).toBe(200)
  const { at } = await incident(raiser)
  later = 2 * 366 * 86_400_000
  expect((await raiser.tell('incidents', happened())).status).toBe(201)
  const answers = [await raiser.read(at), await raiser.read(`incidents/${randomUUID()}`)]
  for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { code: 'TRAINING_EXPIRED' } })
})
test('[C40] one that nobody would know of is not raised; a machine raises one for others', async () => {
  const [raiser, other] = [await member(), await member()]
  expect(await raiser.tell('incidents', happened({ asParty: false }))).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'parties' }] },
  })
  const wrong = { parties: [other.staffRef, randomUUID()] }
  expect((await raiser.tell('incidents', happened(wrong))).body).toMatchObject({ errors: [{ field: 'parties.1' }] })
  expect((await raiser.tell('incidents', happened({ breachKind: 'INTEGRITY' }))).body).toMatchObject({ errors: [{ field: 'breachKind' }] })
  const machine = await member('integration')
  expect((await machine.tell('incidents', happened())).status).toBe(400)
  const { incidentId, at } = await incident(machine, { parties: [other.staffRef] })
  expect([await other.sees(), (await machine.read(at)).status]).toEqual([[incidentId], 403])
})
