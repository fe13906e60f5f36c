import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { type Observable, tap } from 'rxjs'

/** An answer that names a revision carries it as its ETag, for If-Match. */
@Injectable()
export class EtagOfRevision implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      tap(answer => {
        const revision = (answer as { revision?: unknown } | null | undefined)?.revision
        if (typeof revision === 'string' && revision !== '')
          void context.switchToHttp().getResponse<FastifyReply>().header('ETag', `"${revision}"`)
      }),
    )
  }
}
