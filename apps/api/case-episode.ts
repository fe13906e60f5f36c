import { ApiProperty } from '@nestjs/swagger'
import type { Episode } from '#domain/person/episode/episode'
import { serviceEndings } from '#domain/person/episode/events'

class CaseJob {
  @ApiProperty({ format: 'uuid' }) jobId!: string
  @ApiProperty({ format: 'date' }) startedOn!: string
  @ApiProperty({ format: 'date', required: false }) endedOn?: string
  @ApiProperty({ format: 'date', required: false, description: 'The day on which thirteen weeks were full.' }) sustainedOn?: string
}
/** The use of the service, as the case view says it. */
export class CaseEpisode {
  @ApiProperty({ format: 'uuid' }) episodeId!: string
  @ApiProperty({ enum: ['OPEN', 'ENDED', 'CLOSED'] }) state!: string
  @ApiProperty({ format: 'date-time' }) openedAt!: string
  @ApiProperty({ required: false }) serviceArea?: string
  @ApiProperty({ format: 'uuid', required: false, description: 'The staffRef of whoever supports the person.' }) worker?: string
  @ApiProperty({ type: () => [CaseJob], description: 'In the order of their first days.' }) jobs!: readonly CaseJob[]
  @ApiProperty({ format: 'date', required: false, description: 'The last day of its use.' }) endedOn?: string
  @ApiProperty({ enum: [...serviceEndings, 'DIED'], required: false }) endedBecause?: string
}

export function episodeOf({ jobs, latestJob: _, ...episode }: Episode): CaseEpisode {
  const inOrder = Object.entries(jobs).map(([jobId, job]) => ({ jobId, ...job }))
  return { ...episode, jobs: inOrder.sort((one, other) => (one.startedOn < other.startedOn ? -1 : 1)) }
}
