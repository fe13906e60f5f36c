import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Observable, tap } from 'rxjs'

export const locationKey = 'caseledger:location'
/** Where what was made is to be read: of its answer and of the ids in the path. */
export type LocationOf = (answer: never, ids: never) => string

/** What made something says where it is. A door that nobody can ask for what it made says its own path, as HTTP has it without a header. */
@Injectable()
export class LocationOfMade implements NestInterceptor {
  readonly #reflector = new Reflector()

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const made = this.#reflector.get<true | LocationOf | undefined>(locationKey, context.getHandler())
    if (made === undefined) return next.handle()
    const http = context.switchToHttp()
    const { url, params } = http.getRequest<FastifyRequest>()
    return next.handle().pipe(
      tap(answer => {
        const where = made === true ? url.split('?')[0] : made(answer as never, params as never)
        void http.getResponse<FastifyReply>().header('Location', where)
      }),
    )
  }
}
