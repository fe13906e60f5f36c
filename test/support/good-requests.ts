import { randomUUID } from 'node:crypto'
import { londonDate } from '#calendar/statutory-periods'
import type { StaffRole } from '#kernel/actor'
import { daysAfter } from '#kernel/instants'
import type { openDoors } from './doors.js'
import { goodPolicies } from './good-policies.js'
import { goodRecord } from './good-record.js'
import type { GoodRequest } from './good-request.js'

type Doors = Awaited<ReturnType<typeof openDoors>>
const daysAgo = (days: number) => daysAfter(new Date().toISOString(), -days)
const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString()

const row = { recipient: 'DWP-JCP', purpose: 'EMPLOYMENT_SUPPORT', categories: ['EMP'], decision: 'YES' }
const form = () => ({
  formVersion: 'SCF-1',
  completedAt: hourAgo(),
  method: 'VERBAL_WITNESSED',
  witness: 'Odalys Brandt',
  rows: [row],
  noticeVersion: 'DEMO-1',
  withdrawalExplained: true,
  refusingDoesNotAffectService: true,
})
const sharing = {
  recipient: 'DWP-JCP',
  purpose: 'EMPLOYMENT_SUPPORT',
  categories: ['EMP'],
  fields: ['EMP.status'],
  confidentialityBasis: 'CONSENT',
  notification: { decision: 'INFORM_BEFORE' },
  legalProvision: { instrument: 'ACT', title: 'Children Act', year: 1989, provision: 'section 47' },
  necessity: 'To arrange an interview.',
  method: 'SECURE_EMAIL',
}
const told = {
  recipient: 'AMBULANCE',
  necessity: 'She did not answer, and had said that she would not be there tomorrow.',
  categories: ['HLT'],
  fields: ['CON.address'],
  told: 'Where she lives, and what she takes.',
}
const erasing = () => ({ channel: 'PHONE', receivedAt: hourAgo(), grounds: 'OBJECTION', words: 'please erase me' })
const suspected = () => ({ kind: 'CONFIDENTIALITY', discoveredAt: hourAgo(), summary: 'A letter went astray.', categories: ['ID'] })
const referring = () => ({
  source: 'STARS',
  channel: 'PHONE',
  serviceArea: 'GATESHEAD',
  receivedAt: hourAgo(),
  serviceWish: 'YES',
  person: { name: 'Marigold Penhaligon' },
})
const inRegister = { profession: 'HEALTH_PROFESSIONAL', regulator: 'NMC', registration: '00A0000Z' }
const finding = { kind: 'MINOR', clause: 'C31', words: 'A form lacked its date.' }
const answer = { answer: 'ACCEPTED', words: 'It was found.' }
const evidence = () => ({ evidenceType: 'STARS_LETTER', checkedAt: hourAgo(), outcome: 'CONFIRMED' })
const wanted = { outcome: 'WANTED', channel: 'PHONE', saidAt: hourAgo() }
const spoken = () => ({
  channel: 'PHONE',
  outcome: 'INTERVIEW',
  contactedAt: hourAgo(),
  employer: 'Nettlecombe Bakery',
  note: 'Early shifts.',
})
const working = { startedOn: '2026-03-02', employer: 'Nettlecombe Bakery', jobTitle: 'Packer' }
const reached = () => ({
  preferred: 'PHONE',
  allowed: ['EMAIL'],
  refused: ['LETTER'],
  neverVoicemail: true,
  safeTimes: ['MON 09:00-12:30', 'THU 14:00-16:00'],
  needs: ['LARGE_PRINT'],
  language: 'Welsh',
  otherNeeds: 'Please speak slowly.',
  saidAt: hourAgo(),
})
const objecting = () => ({ channel: 'PHONE', receivedAt: hourAgo(), words: 'not on a computer' })
const calling = () => ({ channel: 'PHONE', about: 'PROGRESS', plannedFor: new Date(Date.now() + 3_600_000).toISOString() })
const called = () => ({ channel: 'PHONE', about: 'REMINDER', contactedAt: hourAgo(), outcome: 'NO_ANSWER', note: 'Will ring back.' })
const writing = () => ({ channel: 'SMS', receivedAt: hourAgo(), words: 'please erase me' })
/** By the clock of the service: that of a test may be past midnight. */
const leaving = (now: string) => ({ endedOn: londonDate(now), reason: 'COMPLETED', narrative: 'She found what she looked for.' })
const audited = () => ({
  auditors: [randomUUID()],
  scope: 'ALL',
  from: '2026-01-01T00:00:00Z',
  to: '2090-01-01T00:00:00Z',
  expiresAt: '2090-01-01T00:00:00Z',
  reference: 'AUDIT-2026-1',
})

const wentWrong = () => ({ type: 'HEALTH_AND_SAFETY', severity: 'LOW', occurredAt: hourAgo(), narrative: 'A chair broke under somebody.' })
const granting = (about: string) => ({
  subjectRef: about.slice('subjects/'.length),
  kind: 'CASELOAD',
  role: 'ips-worker',
  about: randomUUID(),
  until: '2090-01-01T00:00:00Z',
})
const inNeed = { reason: 'She is not at home, and her worker is on leave.' }

/** What has to be there first, made over HTTP. */
function preparing(doors: Doors) {
  async function made(role: StaffRole, url: string, body: object, name: string): Promise<string> {
    const { status, body: answered } = await doors.tell(role, url, body)
    if (status >= 300) throw new Error(`${url} answered ${status} ${JSON.stringify(answered)}`)
    return String(answered[name])
  }
  const referred = async () => `subjects/${await made('back-office', 'referrals', referring(), 'subjectRef')}`
  async function consenting() {
    const about = await referred()
    await made('ips-worker', `${about}/details`, { category: 'EMP', items: { status: 'UNEMPLOYED' }, provenance: 'PERSON' }, 'position')
    await made('ips-worker', `${about}/consent-forms`, form(), 'formId')
    return about
  }
  async function accepted() {
    const about = await referred()
    await made('back-office', `${about}/service-wish`, wanted, 'position')
    await made('back-office', `${about}/eligibility`, evidence(), 'position')
    await made('team-leader', `${about}/acceptance`, {}, 'position')
    return `${about}/episode`
  }
  const leader = () => made('dpo', 'staff', { subject: randomUUID(), role: 'team-leader' }, 'staffRef')
  const team = async () => `teams/${await made('dpo', 'teams', { leader: await leader() }, 'teamId')}`
  const broken = async () => {
    const about = `${await referred()}/break-glass`
    return `${about}/${await made('ips-worker', about, inNeed, 'grantId')}`
  }
  const worker = () => made('team-leader', 'staff', { subject: randomUUID(), role: 'ips-worker' }, 'staffRef')
  const objected = async () => {
    const objections = `${await referred()}/mis-storage-objections`
    return `${objections}/${await made('back-office', objections, objecting(), 'objectionId')}`
  }
  const overseer = () => made('caldicott', 'staff', { subject: randomUUID(), role: 'health-overseer' }, 'staffRef')
  const demoAudit = async () =>
    `audits/${String(((await doors.read('auditor', 'audits')).body as unknown as readonly { readonly auditId: string }[])[0]?.auditId)}`
  const sample = async () => {
    const audit = await demoAudit()
    return `${audit}/samples/${await made('auditor', `${audit}/samples`, { size: 1 }, 'sampleId')}`
  }
  const raised = async () => {
    const audit = await demoAudit()
    return `${audit}/findings/${await made('auditor', `${audit}/findings`, finding, 'findingId')}`
  }
  const incident = async () => `incidents/${await made('team-leader', 'incidents', wentWrong(), 'incidentId')}`
  return { incident, made, referred, accepted, worker, leader, team, broken, overseer, objected, consenting, demoAudit, sample, raised }
}

/** For every door that takes a body, by its path in the API’s document, a request that is accepted whenever it is made. */
export function goodRequests(doors: Doors): Readonly<Record<string, () => Promise<GoodRequest>>> {
  const { incident, made, referred, accepted, worker, leader, team, broken, overseer, objected, consenting, demoAudit, sample, raised } =
    preparing(doors)
  const good = (role: StaffRole, url: string, body: object, status = 200): GoodRequest => ({ role, url, body, status })
  return {
    '/v1/referrals': () => Promise.resolve(good('back-office', 'referrals', referring(), 201)),
    '/v1/referral-imports': () =>
      Promise.resolve(
        good('back-office', 'referral-imports', {
          csv: `source,channel,serviceArea,receivedAt,serviceWish,name\nSTARS,EMAIL,GATESHEAD,${hourAgo()},YES,Marigold Penhaligon\n`,
        }),
      ),
    '/v1/subjects/{subjectRef}/service-wish': async () => good('back-office', `${await referred()}/service-wish`, wanted),
    '/v1/subjects/{subjectRef}/wish-check': async () => good('back-office', `${await referred()}/wish-check`, { requestedAt: hourAgo() }),
    '/v1/subjects/{subjectRef}/wish-check/decision': async () => {
      const about = `subjects/${await made('back-office', 'referrals', { ...referring(), receivedAt: daysAgo(40) }, 'subjectRef')}`
      await made('back-office', `${about}/wish-check`, { requestedAt: daysAgo(30) }, 'position')
      return good('team-leader', `${about}/wish-check/decision`, { decision: 'ASK_AGAIN', note: 'She is on holiday.' })
    },
    '/v1/subjects/{subjectRef}/eligibility': async () => good('back-office', `${await referred()}/eligibility`, evidence()),
    '/v1/subjects/{subjectRef}/acceptance': async () => {
      const about = await referred()
      await made('back-office', `${about}/service-wish`, wanted, 'position')
      await made('back-office', `${about}/eligibility`, evidence(), 'position')
      return good('team-leader', `${about}/acceptance`, { acceptedAt: new Date().toISOString() })
    },
    '/v1/subjects/{subjectRef}/episode/worker': async () => good('team-leader', `${await accepted()}/worker`, { workerId: await worker() }),
    '/v1/subjects/{subjectRef}/episode/employer-contacts': async () =>
      good('ips-worker', `${await accepted()}/employer-contacts`, spoken(), 201),
    '/v1/subjects/{subjectRef}/episode/jobs': async () => good('ips-worker', `${await accepted()}/jobs`, working, 201),
    '/v1/subjects/{subjectRef}/episode/jobs/{jobId}/end': async () => {
      const jobs = `${await accepted()}/jobs`
      const ended = { endedOn: '2026-07-31', reason: 'CONTRACT_ENDED' }
      return good('ips-worker', `${jobs}/${await made('ips-worker', jobs, working, 'jobId')}/end`, ended)
    },
    '/v1/subjects/{subjectRef}/episode/jobs/{jobId}/sustained': async () => {
      const jobs = `${await accepted()}/jobs`
      return good('ips-worker', `${jobs}/${await made('ips-worker', jobs, working, 'jobId')}/sustained`, { shownBy: 'PAYSLIP' })
    },
    '/v1/subjects/{subjectRef}/episode/end': async () => good('team-leader', `${await accepted()}/end`, leaving(doors.now())),
    '/v1/subjects/{subjectRef}/episode/reopening': async () => {
      const episode = await accepted()
      await made('team-leader', `${episode}/end`, leaving(doors.now()), 'position')
      return good('team-leader', `${episode}/reopening`, {})
    },
    '/v1/subjects/{subjectRef}/mis-storage-objections': async () =>
      good('back-office', `${await referred()}/mis-storage-objections`, objecting(), 201),
    '/v1/subjects/{subjectRef}/mis-storage-objections/{objectionId}/explanation': async () =>
      good('ips-worker', `${await objected()}/explanation`, { channel: 'PHONE', explainedAt: hourAgo() }),
    '/v1/subjects/{subjectRef}/mis-storage-objections/{objectionId}/choice': async () =>
      good('ips-worker', `${await objected()}/choice`, { choice: 'STAYS', channel: 'PHONE', saidAt: hourAgo(), words: 'then I stay' }),
    ...goodRecord({ made, referred, tell: doors.tell }),
    '/v1/subjects/{subjectRef}/contact-preferences': async () => good('ips-worker', `${await referred()}/contact-preferences`, reached()),
    '/v1/subjects/{subjectRef}/contact-plans': async () => good('ips-worker', `${await referred()}/contact-plans`, calling(), 201),
    '/v1/subjects/{subjectRef}/contacts': async () => good('ips-worker', `${await referred()}/contacts`, called(), 201),
    '/v1/subjects/{subjectRef}/messages': async () => good('back-office', `${await referred()}/messages`, writing(), 201),
    '/v1/subjects/{subjectRef}/messages/{messageId}/handling': async () => {
      const messages = `${await referred()}/messages`
      const message = await made('back-office', messages, writing(), 'messageId')
      const request = { grounds: 'OBJECTION', words: 'please erase me' }
      return good('ips-worker', `${messages}/${message}/handling`, { as: 'ERASURE_REQUEST', request })
    },
    '/v1/subjects/{subjectRef}/notices': async () =>
      good('back-office', `${await referred()}/notices`, { noticeVersion: 'DEMO-1', channel: 'EMAIL', providedAt: hourAgo() }),
    '/v1/subjects/{subjectRef}/consent-forms': async () => good('ips-worker', `${await referred()}/consent-forms`, form(), 201),
    '/v1/subjects/{subjectRef}/consents/withdraw': async () => {
      const { recipient, purpose } = row
      return good('ips-worker', `${await consenting()}/consents/withdraw`, { recipient, purpose, channel: 'PHONE' })
    },
    '/v1/subjects/{subjectRef}/disclosures/check': async () => good('ips-worker', `${await consenting()}/disclosures/check`, sharing),
    '/v1/subjects/{subjectRef}/disclosures': async () => good('ips-worker', `${await consenting()}/disclosures`, sharing, 201),
    '/v1/subjects/{subjectRef}/disclosures/{disclosureId}/authorisation': async () => {
      const about = await referred()
      await made('ips-worker', `${about}/details`, { category: 'EMP', items: { status: 'UNEMPLOYED' }, provenance: 'PERSON' }, 'position')
      const joint = { ...sharing, recipient: 'STARS', purpose: 'JOINT_CARE', confidentialityBasis: 'IMPLIED_DIRECT_CARE' }
      const disclosure = await made('ips-worker', `${about}/disclosures`, joint, 'disclosureId')
      return good('team-leader', `${about}/disclosures/${disclosure}/authorisation`, { decision: 'REFUSED', reasons: 'It is not needed.' })
    },
    '/v1/subjects/{subjectRef}/disclosures/{disclosureId}/sending': async () => {
      const about = `${await consenting()}/disclosures`
      return good('ips-worker', `${about}/${await made('ips-worker', about, sharing, 'disclosureId')}/sending`, { method: 'PHONE' })
    },
    '/v1/subjects/{subjectRef}/emergency-disclosures': async () =>
      good('back-office', `${await referred()}/emergency-disclosures`, told, 201),
    '/v1/subjects/{subjectRef}/emergency-disclosures/{disclosureId}/review': async () => {
      const about = `${await referred()}/emergency-disclosures`
      const review = { outcome: 'NECESSARY', reasons: 'There was no other way.' }
      return good('caldicott', `${about}/${await made('back-office', about, told, 'disclosureId')}/review`, review)
    },
    '/v1/subjects/{subjectRef}/erasure-requests': async () => good('ips-worker', `${await referred()}/erasure-requests`, erasing(), 201),
    '/v1/subjects/{subjectRef}/erasure-requests/{requestId}/decision': async () => {
      const requests = `${await referred()}/erasure-requests`
      const decision = { decision: 'REFUSED', reasons: 'It is needed for a claim.', consequenceExplainedAt: hourAgo() }
      return good('dpo', `${requests}/${await made('ips-worker', requests, erasing(), 'requestId')}/decision`, {
        ...decision,
        perScope: [{ scope: 'REF', decision: 'RETAINED', exemption: 'LEGAL_CLAIMS' }],
      })
    },
    '/v1/subjects/search': () =>
      Promise.resolve(good('ips-worker', 'subjects/search', { phone: '07700 900471', purpose: 'SERVICE_PROVISION' })),
    '/v1/breaches': () => Promise.resolve(good('ips-worker', 'breaches', suspected(), 201)),
    '/v1/breaches/{breachId}/awareness': async () =>
      good('breach-responder', `breaches/${await made('ips-worker', 'breaches', suspected(), 'breachId')}/awareness`, {
        awareAt: new Date().toISOString(),
      }),
    '/v1/incidents': async () => good('team-leader', 'incidents', { ...wentWrong(), parties: [await worker()], asParty: true }, 201),
    '/v1/incidents/{incidentId}/people': async () => {
      const involved = { role: 'AFFECTED', subjectRef: (await referred()).slice('subjects/'.length), words: 'She fell.' }
      return good('team-leader', `${await incident()}/people`, involved)
    },
    '/v1/incidents/{incidentId}/parties': async () => good('team-leader', `${await incident()}/parties`, { staffRef: await worker() }),
    '/v1/incidents/{incidentId}/parties/removal': async () => {
      const [parties, staffRef] = [`${await incident()}/parties`, await worker()]
      await made('team-leader', parties, { staffRef }, 'position')
      return good('team-leader', `${parties}/removal`, { staffRef })
    },
    '/v1/incidents/{incidentId}/closing': async () =>
      good('team-leader', `${await incident()}/closing`, { conclusion: 'It was replaced.' }),
    '/v1/audits': () => Promise.resolve(good('dpo', 'audits', audited(), 201)),
    '/v1/audits/{auditId}/closing': async () =>
      good('dpo', `audits/${await made('dpo', 'audits', audited(), 'auditId')}/closing`, { reason: 'DONE' }),
    '/v1/audits/{auditId}/samples': async () => good('auditor', `${await demoAudit()}/samples`, { size: 1, type: 'ReferralReceived' }, 201),
    '/v1/audits/{auditId}/samples/{sampleId}/seed': async () => good('auditor', `${await sample()}/seed`, { seed: 'c0ffee00'.repeat(8) }),
    '/v1/audits/{auditId}/findings': async () => good('auditor', `${await demoAudit()}/findings`, finding, 201),
    '/v1/audits/{auditId}/findings/{findingId}/answer': async () => good('dpo', `${await raised()}/answer`, answer),
    '/v1/audits/{auditId}/findings/{findingId}/closing': async () => {
      const one = await raised()
      await made('dpo', `${one}/answer`, answer, 'position')
      return good('auditor', `${one}/closing`, { outcome: 'RESOLVED' })
    },
    ...goodPolicies(),
    '/v1/teams': async () => good('dpo', 'teams', { leader: await leader() }, 201),
    '/v1/teams/{teamId}/members': async () => good('dpo', `${await team()}/members`, { staffRef: await worker(), part: 'WORKER' }),
    '/v1/teams/{teamId}/members/removal': async () => {
      const [members, staffRef] = [`${await team()}/members`, await worker()]
      await made('dpo', members, { staffRef, part: 'WORKER' }, 'position')
      return good('dpo', `${members}/removal`, { staffRef })
    },
    '/v1/teams/{teamId}/end': async () => good('dpo', `${await team()}/end`, {}),
    '/v1/staff/{staffRef}/grants': async () => good('dpo', `staff/${await worker()}/grants`, granting(await referred()), 201),
    '/v1/staff/{staffRef}/grants/{grantId}/revocation': async () => {
      const grants = `staff/${await worker()}/grants`
      return good('dpo', `${grants}/${await made('dpo', grants, granting(await referred()), 'grantId')}/revocation`, {})
    },
    '/v1/subjects/{subjectRef}/break-glass': async () => good('ips-worker', `${await referred()}/break-glass`, inNeed, 201),
    '/v1/subjects/{subjectRef}/break-glass/{grantId}/review': async () =>
      good('dpo', `${await broken()}/review`, { outcome: 'JUSTIFIED', reasons: 'There was nobody else to ask.' }),
    '/v1/subjects/{subjectRef}/links': async () =>
      good('back-office', `${await referred()}/links`, { samePersonAs: (await referred()).slice('subjects/'.length) }),
    '/v1/subjects/{subjectRef}/links/end': async () => {
      const [links, other] = [`${await referred()}/links`, (await referred()).slice('subjects/'.length)]
      await made('back-office', links, { samePersonAs: other }, 'position')
      return good('back-office', `${links}/end`, { other })
    },
    '/v1/subjects/{subjectRef}/conflicts': async () =>
      good('ips-worker', `${await referred()}/conflicts`, { staffRef: await worker(), declaredAt: hourAgo() }),
    '/v1/subjects/{subjectRef}/conflicts/end': async () => {
      const [conflicts, staffRef] = [`${await referred()}/conflicts`, await worker()]
      await made('ips-worker', conflicts, { staffRef }, 'position')
      return good('dpo', `${conflicts}/end`, { staffRef })
    },
    '/v1/staff': () => Promise.resolve(good('team-leader', 'staff', { subject: randomUUID(), role: 'ips-worker' }, 201)),
    '/v1/staff/{staffRef}/suspension': async () => good('team-leader', `staff/${await worker()}/suspension`, {}),
    '/v1/staff/{staffRef}/reinstatement': async () => {
      const member = `staff/${await worker()}`
      await made('team-leader', `${member}/suspension`, {}, 'position')
      return good('team-leader', `${member}/reinstatement`, {})
    },
    '/v1/staff/{staffRef}/leaving': async () =>
      good('team-leader', `staff/${await worker()}/leaving`, { handOverTo: await worker(), leftAt: hourAgo() }),
    '/v1/staff/{staffRef}/roles/withdrawal': async () =>
      good('team-leader', `staff/${await worker()}/roles/withdrawal`, { role: 'ips-worker', handOverTo: await worker() }),
    '/v1/staff/{staffRef}/training': async () =>
      good('team-leader', `staff/${await worker()}/training`, { course: 'DATA-PROTECTION', completedAt: hourAgo() }),
    '/v1/staff/{staffRef}/details': async () =>
      good('team-leader', `staff/${await worker()}/details`, { name: 'Rosalind Okonjo-Bright', contact: 'extension 4711' }),
    '/v1/staff/{staffRef}/details/erasure': async () => {
      const member = `staff/${await worker()}`
      await made('team-leader', `${member}/details`, { name: 'Rosalind Okonjo-Bright' }, 'position')
      await made('team-leader', `${member}/leaving`, {}, 'position')
      return good('dpo', `${member}/details/erasure`, { cause: 'NO_LONGER_NEEDED' })
    },
    '/v1/staff/{staffRef}/health-oversight': async () => good('caldicott', `staff/${await overseer()}/health-oversight`, inRegister, 201),
    '/v1/staff/{staffRef}/health-oversight/end': async () => {
      const oversight = `staff/${await overseer()}/health-oversight`
      await made('caldicott', oversight, inRegister, 'position')
      return good('caldicott', `${oversight}/end`, { reason: 'REGISTRATION_ENDED' })
    },
    '/v1/health-oversight/reviews': async () => {
      const reviewed = { subjects: [(await referred()).slice('subjects/'.length)], outcome: 'SATISFACTORY', reviewedAt: hourAgo() }
      return good('health-overseer', 'health-oversight/reviews', reviewed, 201)
    },
    '/v1/staff/{staffRef}/acknowledgements': async () => {
      const version = `V-${randomUUID()}`
      const policy = { policy: 'ACCESS', version, title: 'Who may see what', graceDays: 14, effectiveFrom: '2085-01-01T00:00:00.000Z' }
      await made('accountable-executive', 'policies/staff-policies', policy, 'version')
      const { staffRef } = (await doors.read('team-leader', 'me')).body
      return good('team-leader', `staff/${String(staffRef)}/acknowledgements`, { policy: 'ACCESS', version }, 201)
    },
    '/v1/staff/{staffRef}/appointments': async () => {
      const staffRef = await made('caldicott', 'staff', { subject: randomUUID(), role: 'dpo' }, 'staffRef')
      return good(
        'caldicott',
        `staff/${staffRef}/appointments`,
        { role: 'dpo', as: 'DEPUTY', from: '2090-01-01T00:00:00Z', until: '2090-02-01T00:00:00Z' },
        201,
      )
    },
    '/v1/staff/{staffRef}/appointments/end': async () => {
      const staffRef = await made('caldicott', 'staff', { subject: randomUUID(), role: 'dpo' }, 'staffRef')
      await made('caldicott', `staff/${staffRef}/appointments`, { role: 'dpo', as: 'DEPUTY' }, 'position')
      return good('caldicott', `staff/${staffRef}/appointments/end`, { role: 'dpo' })
    },
  }
}
