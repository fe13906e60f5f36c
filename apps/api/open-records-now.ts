import type { Clock } from '#kernel/clock'
import { type ListCapability, OpenRecords } from '#nest/list-of'
import { Refused } from '#nest/problems'
import type { RequestFacts } from '#nest/request'
import type { Opening } from '#opening/opening'
import { reachOf } from '#policy/reach'
import { openTo } from '#read-models/open-records/open-to'
import { openRecords } from '#read-models/open-records/projection'
import type { Reading } from './reading.js'

/** Of one person by their history as it stands; of all by a read model, which is as far behind as every list is. */
export class OpenRecordsNow extends OpenRecords {
  constructor(
    private readonly reading: Pick<Reading, 'upTo'>,
    private readonly opening: Pick<Opening, 'wayTo'>,
    private readonly clock: Clock,
  ) {
    super()
  }

  async openTo(reader: RequestFacts, capability: ListCapability, after: string | undefined) {
    await this.reading.upTo(openRecords.name, after)
    return openTo(reader, reachOf(reader.actor.role, capability, 'READ'), this.clock.now())
  }

  async assertOpen(reader: RequestFacts, capability: ListCapability, subjectRef: string): Promise<void> {
    const way = await this.opening.wayTo(reader, capability, subjectRef)
    if (!way.ok) throw new Refused(way.refusal)
  }
}
