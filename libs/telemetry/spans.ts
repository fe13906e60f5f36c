import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api'
import { kindOf } from '#kernel/error-kind'

/** What a span may say: codes, route patterns and counts. Never an id of a person, a URL or a message: a trace leaves the house. */
export type SpanFacts = {
  readonly 'caseledger.bus'?: 'command' | 'query'
  readonly 'caseledger.message'?: string
  readonly 'caseledger.command'?: string
  readonly 'caseledger.outcome'?: string
  readonly 'caseledger.code'?: string
  readonly 'caseledger.stream.category'?: string
  readonly 'caseledger.events'?: number
  readonly 'http.request.method'?: string
  readonly 'http.route'?: string
  readonly 'http.response.status_code'?: number
}
const tracer = () => trace.getTracer('caseledger')

/** Runs work in a span; an error is its kind only. Costs next to nothing where no tracing was started. */
export function inSpan<T>(name: string, facts: SpanFacts, work: (tell: (more: SpanFacts) => void) => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, { attributes: facts }, async span => {
    try {
      return await work(more => {
        span.setAttributes(more)
      })
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', kindOf(error))
      throw error
    } finally {
      span.end()
    }
  })
}

/** A request's span, around all that is done for it. What a caller says of a trace of its own is not believed: it may hold anything. */
export function requestSpan(method: string, then: () => void): (facts: SpanFacts) => void {
  const span = tracer().startSpan('request', { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } })
  context.with(trace.setSpan(context.active(), span), then)
  return facts => {
    const { 'http.route': route, 'http.response.status_code': status = 0 } = facts
    span.updateName(`${method} ${route ?? 'none'}`).setAttributes(facts)
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }
}

/** Adds to what the span says in which this is done. */
export function tellRequest(facts: SpanFacts): void {
  trace.getActiveSpan()?.setAttributes(facts)
}
