import { Controller, Get, Req, Res } from '@nestjs/common'
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Health } from '#backend/health'
import { Probe } from '#nest/door'
import { refusedAs } from '#nest/problems'
import { Metrics, metricsType } from '#telemetry/metrics'
import { mayReadMetrics } from '#telemetry/metrics-server'

@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly health: Health,
  ) {}

  @Get()
  @Probe
  @ApiOperation({
    summary:
      'For Prometheus: counts and times by code, never an id. '
      + 'With CASELEDGER_METRICS_TOKEN set, which production needs, for its bearer only',
  })
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200 })
  @ApiResponse({ status: 404, description: 'Without the token.' })
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (!mayReadMetrics(request.headers.authorization)) throw refusedAs('NOT_FOUND')
    void reply.header('Content-Type', metricsType)
    return this.metrics.text(await this.health.parts())
  }
}
