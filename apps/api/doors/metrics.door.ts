import { Controller, Get, Req, Res } from '@nestjs/common'
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger'
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
    summary: 'For Prometheus: counts and times by code, never an id',
    description: 'With CASELEDGER_METRICS_TOKEN set, which production needs, for its bearer only.',
  })
  @ApiSecurity({})
  @ApiSecurity('metrics')
  @ApiResponse({ status: 200, description: 'In the text format of Prometheus.', content: { 'text/plain': { schema: { type: 'string' } } } })
  @ApiResponse({ status: 404, description: 'Without the token.' })
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (!mayReadMetrics(request.headers.authorization)) throw refusedAs('NOT_FOUND')
    void reply.header('Content-Type', metricsType)
    return this.metrics.text(await this.health.parts())
  }
}
