import { randomUUID } from 'node:crypto'
import type { StaffRole } from '#kernel/actor'
import { aReferral, type openDoors } from './doors.js'

const hour = 3_600_000
export const hourAgo = () => new Date(Date.now() - hour).toISOString()
export type Member = Awaited<ReturnType<ReturnType<typeof colleaguesOf>['member']>>

/** Those who work at a service, one by one, and the people whom they support. */
export function colleaguesOf(doors: Awaited<ReturnType<typeof openDoors>>) {
  /** Somebody who works here, and how they ask. */
  async function member(role: StaffRole = 'ips-worker') {
    const staff = `somebody-${randomUUID()}`
    const read = (url: string) => doors.read(role, url, { staff })
    const tell = (url: string, body: object) => doors.tell(role, url, body, { staff })
    const opens = async (subjectRef: string, purpose = 'SERVICE_PROVISION') => {
      await doors.shown()
      const { status, body } = await read(`subjects/${subjectRef}/case?purpose=${purpose}`)
      return status === 200 ? (body['fields'] as Readonly<Record<string, unknown>>)['ID.name'] : body['code']
    }
    return { staff, staffRef: String((await read('me')).body['staffRef']), read, tell, opens }
  }
  async function done(role: StaffRole, url: string, body: object = {}) {
    const answer = await doors.tell(role, url, body)
    if (answer.status >= 300) throw new Error(`${url} answered ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  /** Somebody who uses the service; supported by a worker, where one is named. */
  async function person(worker?: Pick<Member, 'staffRef'>) {
    const subjectRef = String((await done('back-office', 'referrals', { ...aReferral, receivedAt: hourAgo() }))['subjectRef'])
    const about = `subjects/${subjectRef}`
    await done('back-office', `${about}/service-wish`, { outcome: 'WANTED', channel: 'PHONE', saidAt: hourAgo() })
    await done('back-office', `${about}/eligibility`, { evidenceType: 'STARS_LETTER', checkedAt: hourAgo(), outcome: 'CONFIRMED' })
    await done('team-leader', `${about}/acceptance`)
    if (worker) await done('team-leader', `${about}/episode/worker`, { workerId: worker.staffRef })
    return subjectRef
  }
  return { member, done, person }
}
