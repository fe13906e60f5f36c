import { Injectable } from '@nestjs/common'
import type { AssignWorker, AssignWorkerFacts } from '#domain/person/episode/assign-worker'
import { isActiveAs } from '#domain/staff/staff'
import type { Preparation, ToPrepare } from '#nest/door-of'
import type { WorkerBody } from '../bodies/episode.js'
import { StaffDirectory } from '../staff-directory.js'

/** Whether whoever is to support the person works here as that. */
@Injectable()
export class TheWorker implements Preparation<AssignWorker, WorkerBody, AssignWorkerFacts> {
  constructor(private readonly directory: StaffDirectory) {}

  async prepare({ input: { workerId } }: ToPrepare<AssignWorker, WorkerBody>): Promise<AssignWorkerFacts> {
    return { isIpsWorker: isActiveAs('ips-worker', await this.directory.member(workerId)) }
  }
}
