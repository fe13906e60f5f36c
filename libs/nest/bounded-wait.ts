import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import { type Observable, throwError, timeout } from 'rxjs'
import { refusedAs } from './problems.js'

/** Whoever asks is answered, whatever a database or a store does: 503 after this long, which is longer than a store that lags is waited for. What was begun may be done all the same, and the same Idempotency-Key finds it. */
@Injectable()
export class BoundedWait implements NestInterceptor {
  constructor(private readonly ms: number) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(timeout({ first: this.ms, with: () => throwError(() => refusedAs('UNAVAILABLE')) }))
  }
}
