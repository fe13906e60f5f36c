import { Injectable } from '@nestjs/common'
import type { AssignWorker, AssignWorkerFacts } from '#domain/person/episode/assign-worker'
import type { Preparation, ToPrepare } from '#nest/door-of'
import type { WorkerBody } from '../bodies/episode.js'
import { StaffDirectory } from '../staff-directory.js'

/** Whether whoever is to support the person is registered for that. */
@Injectable()
export class TheWorker implements Preparation<AssignWorker, WorkerBody, AssignWorkerFacts> {
  constructor(private readonly directory: StaffDirectory) {}

  async prepare({ input: { workerId } }: ToPrepare<AssignWorker, WorkerBody>): Promise<AssignWorkerFacts> {
    const { roles } = await this.directory.member(workerId)
    return { isIpsWorker: roles.has('ips-worker') }
  }
}
