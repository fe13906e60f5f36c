import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common'
import { type Observable, catchError, throwError } from 'rxjs'
import { isUuid } from './fields.js'
import { refusalOfError } from './problems.js'
import { type AuthenticatedRequest, type DeniedReader, subjectIn } from './request.js'

/** Of an incident its own door puts it on record, apart from the others: that one is there is not told by what is missing here. */
const isOfIncident = ({ params }: AuthenticatedRequest) => isUuid((params as { readonly incidentId?: unknown }).incidentId)

/** A read of what is not there is on record, with the person whom it asked for: somebody may be trying ids. */
@Injectable()
export class ReadsOfNothing implements NestInterceptor {
  constructor(private readonly denied: (by: DeniedReader, code: 'NOT_FOUND', subjectRef?: string) => void) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>()
    const { method, actor, correlationId, sourceAddress } = request
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (actor && method === 'GET' && !isOfIncident(request) && refusalOfError(error).refusal.code === 'NOT_FOUND')
          this.denied({ actor, correlationId, sourceAddress }, 'NOT_FOUND', subjectIn(request))
        return throwError(() => error)
      }),
    )
  }
}
