import { Controller, Get, HttpCode, Res } from '@nestjs/common'
import { ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { Health } from '#backend/health'
import { Probe } from '#nest/door'

export class LiveAnswer {
  @ApiProperty({ enum: ['live'] }) status!: 'live'
}
/** In milliseconds; what is ahead is positive. */
export class ClockDifferences {
  @ApiProperty({ description: 'The database’s clock.' }) database!: number
  @ApiProperty({ description: 'How far the last event on record is ahead of now.' }) recorded!: number
  @ApiProperty({ required: false, description: 'The worker’s clock, against the one that recorded its last heartbeat.' }) worker?: number
}
export class PartHealth {
  @ApiProperty() part!: string
  @ApiProperty() ready!: boolean
  @ApiProperty({ required: false, description: 'Why it is not ready.' }) why?: string
  @ApiProperty({ required: false, description: 'How many positions a projection lies behind the log; on EventStoreDB they are bytes.' })
  lag?: string
  @ApiProperty({ required: false, description: 'How long the oldest event that a projection has not applied has waited.' })
  behindSeconds?: number
  @ApiProperty({ required: false, description: 'How many streams a projection could not go on with.' }) parked?: number
  @ApiProperty({ required: false, type: [String], description: 'The roles in which nobody acts.' }) vacant?: readonly string[]
  @ApiProperty({ required: false, type: () => ClockDifferences, description: 'Of the clocks, against the one of this API.' })
  differences?: ClockDifferences
  @ApiProperty({ required: false, description: 'How far clocks may differ, in milliseconds.' }) limitMs?: number
}
export class ReadyAnswer {
  @ApiProperty({ enum: ['ready', 'not ready'] }) status!: 'ready' | 'not ready'
  @ApiProperty({ type: () => [PartHealth] }) parts!: readonly PartHealth[]
}

const anybody = 'For everybody, without a token.'

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  @Probe
  @ApiOperation({ summary: 'The process answers', description: anybody })
  @ApiResponse({ status: 200, description: 'It answers.', type: LiveAnswer })
  live(): LiveAnswer {
    return { status: 'live' }
  }

  @Get('ready')
  @Probe
  @HttpCode(200)
  @ApiOperation({ summary: 'Each part, and how far each projection lies behind', description: anybody })
  @ApiResponse({ status: 200, description: 'Every part is ready.', type: ReadyAnswer })
  @ApiResponse({ status: 503, description: 'A part is not ready, and says why.', type: ReadyAnswer })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyAnswer> {
    const parts = await this.health.parts()
    const ready = parts.every(part => part.ready)
    if (!ready) void reply.status(503).header('Retry-After', '2')
    return { status: ready ? 'ready' : 'not ready', parts }
  }
}
