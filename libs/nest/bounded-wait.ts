import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { type Observable, throwError, timeout } from 'rxjs'
import { NoAnswer } from '#event-store/patience'

/** However long the guards took. */
const atLeast = 1_000

/**
 * Whoever asks is answered, whatever a database or a store does: 503 after this long, which is longer than a store that lags is waited
 * for. What was begun may be done all the same, and the same Idempotency-Key finds it.
 */
@Injectable()
export class BoundedWait implements NestInterceptor {
  constructor(private readonly ms: number) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // Guards came before it, and what they ask has a patience of its own.
    const { elapsedTime } = context.switchToHttp().getResponse<FastifyReply>()
    return next
      .handle()
      .pipe(timeout({ first: Math.max(this.ms - elapsedTime, atLeast), with: () => throwError(() => new NoAnswer(this.ms)) }))
  }
}
