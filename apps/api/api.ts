import 'reflect-metadata'
import { createHash } from 'node:crypto'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { DynamicModule } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { SwaggerModule } from '@nestjs/swagger'
import type { FastifyInstance, FastifyReply, FastifyServerOptions } from 'fastify'
import type { Logger } from 'pino'
import { newId } from '#commands/ids'
import type { Backend } from '#backend/backend'
import { type TokenTrust, bearerOf } from '#nest/authentication'
import { isUuid } from '#nest/fields'
import { acceptJsonBodies, bodyLimit } from '#nest/json-body'
import { problemOf, refusedAs, wayOf } from '#nest/problems'
import { type AuthenticatedRequest, correlationIdOf } from '#nest/request'
import { Outages } from '#telemetry/outages'
import { requestSpan } from '#telemetry/spans'
import { type ApiLimits, ApiModule } from './api.module.js'
import { letGo } from './letting-go.js'
import { documentOf, placeUnderVersion } from './openapi.js'
import { hearOfMethods } from './other-methods.js'

/** `trustedProxies`: who is believed on where a request came from. */
export type ApiOptions = Partial<ApiLimits> & { readonly requestsPerSecond: number; readonly trustedProxies?: readonly string[] }

/** How long a connection is kept on which nothing is asked; `Keep-Alive` in each answer says so. */
export const keptAliveSeconds = 72

const contentSecurityPolicy = {
  directives: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    scriptSrc: ["'self'", "'unsafe-inline'"],
  },
}

/** The HTTP application, not listening yet. `root`: a module around the API's own, for a bench. */
export async function createApi(
  backend: Backend,
  trust: TokenTrust,
  log: Logger,
  { requestsPerSecond, trustedProxies = [], ...limits }: ApiOptions,
  root: DynamicModule = ApiModule.for(backend, trust, log, limits),
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimit * 17,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    frameworkErrors: answerFrameworkError as NonNullable<FastifyServerOptions['frameworkErrors']>,
    requestTimeout: 60_000,
    keepAliveTimeout: keptAliveSeconds * 1_000,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    forceCloseConnections: 'idle',
  })
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { bodyParser: false, logger: false, abortOnError: false })
  const fastify = adapter.getInstance()
  acceptJsonBodies(fastify)
  const refuseOtherMethods = hearOfMethods(fastify)
  const outages = app.get(Outages, { strict: false })
  observe(fastify, backend, log, outages)
  letGo(fastify, outages)
  await app.register(helmet, { contentSecurityPolicy })
  await limitRequests(app, trust, requestsPerSecond)
  placeUnderVersion(app)
  SwaggerModule.setup('docs', app, documentOf(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    swaggerOptions: { persistAuthorization: false },
  })
  app.enableShutdownHooks([])
  await app.init()
  refuseOtherMethods()
  return app
}

/** Every request gets a correlation id, a span, a line in the log and its place in the metrics. One that was decided ends an outage. */
function observe(fastify: FastifyInstance, backend: Backend, log: Logger, outages: Outages) {
  const spans = new WeakMap<object, ReturnType<typeof requestSpan>>()
  fastify.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['x-correlation-id']
    const correlationId = isUuid(given) ? given.toLowerCase() : newId()
    ;(request as unknown as AuthenticatedRequest).correlationId = correlationId
    void reply.header('X-Correlation-Id', correlationId).header('Cache-Control', 'no-store')
    spans.set(request, requestSpan(request.method, done))
  })
  // The route's pattern, never the URL: that may hold what nobody may read in a log.
  fastify.addHook('onResponse', (request, reply, done) => {
    const {
      method,
      routeOptions: { url: route = 'none' },
    } = request
    const { statusCode: status, elapsedTime } = reply
    log.info({ correlationId: correlationIdOf(request), method, route, status, ms: Math.round(elapsedTime) }, 'request')
    if (wasDecided(status)) outages.succeeded(wayOf(request))
    backend.metrics.request(method, route, status, elapsedTime / 1_000)
    spans.get(request)?.({ 'http.request.method': method, 'http.route': route, 'http.response.status_code': status })
    done()
  })
  // Nothing is answered to who is no longer there, and the hook above not called.
  fastify.addHook('onRequestAbort', (request, done) => {
    const {
      method,
      routeOptions: { url: route = 'none' },
    } = request
    log.info({ correlationId: correlationIdOf(request), method, route }, 'the client went away')
    spans.get(request)?.({ 'http.request.method': method, 'http.route': route })
    done()
  })
}

async function limitRequests(app: NestFastifyApplication, trust: TokenTrust, requestsPerSecond: number) {
  await app.register(rateLimit, {
    max: requestsPerSecond,
    timeWindow: 1_000,
    hook: 'onRequest',
    // By whose token it is, however it was written; by address without a good one, so that trying one after another is no way around it.
    keyGenerator: async (request: unknown) => {
      // Whose it is cannot be told while the issuer's keys are away: the door answers that.
      const bearer = await bearerOf(request as AuthenticatedRequest, trust).catch(() => undefined)
      return createHash('sha256')
        .update(bearer ? `bearer ${bearer.subject}` : `address ${(request as AuthenticatedRequest).ip}`)
        .digest('base64url')
    },
    errorResponseBuilder: () => refusedAs('TOO_MANY_REQUESTS'),
  })
}

/** An answer for which everything was asked that the request needs; one that was refused earlier shows nothing. */
const wasDecided = (status: number) => status < 400 || status === 409 || status === 422

/** What is wrong before there is a route, such as a malformed URL: answered without a word of it. */
const answerFrameworkError = (_error: unknown, _request: unknown, reply: FastifyReply) => {
  const correlationId = newId()
  const problem = problemOf({ code: 'INVALID_REQUEST' }, [{ rule: 'the URL must be well formed' }], correlationId)
  void reply.header('X-Correlation-Id', correlationId)
  void reply.status(400).header('Content-Type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem))
}
