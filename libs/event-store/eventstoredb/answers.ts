import {
  AccessDeniedError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import {
  AppendOutcomeUnknown,
  AppendRefused,
  type ExpectedRevision,
  NoSuchPosition,
  StoreUnavailable,
  StreamDamaged,
  WrongExpectedRevision,
} from '../event-store.js'
import { NoAnswer } from '../patience.js'

/** The server knows us not, or does not let us. Nothing was stored; somebody has to look at EVENTSTOREDB_URL. */
class NotLetIn extends Error {
  constructor() {
    super('EventStoreDB refused the credentials in EVENTSTOREDB_URL, or they do not allow this')
  }
}

/** What a failed append means to its caller. Whatever is not known to have failed may have been stored. */
export function appendFailure(error: unknown, stream: string, expected: ExpectedRevision): Error {
  if (error instanceof WrongExpectedVersionError) return new WrongExpectedRevision(stream, expected, actualOf(error.actualVersion))
  if (error instanceof MaxAppendSizeExceededError)
    return new AppendRefused(`EventStoreDB takes at most ${error.maxAppendSize} bytes in one append`)
  if (error instanceof StreamDeletedError) return new StreamDamaged(stream, 'deleted')
  if (isNotLetIn(error)) return new StoreUnavailable(new NotLetIn())
  return new AppendOutcomeUnknown(error)
}

export const readFailure = (error: unknown): StoreUnavailable | NoSuchPosition =>
  isNoSuchPosition(error) ? new NoSuchPosition() : new StoreUnavailable(isNotLetIn(error) ? new NotLetIn() : error)

/** The client remembers a server that did not answer in time as one that never will. */
export const spoilsClient = (error: unknown) => error instanceof NoAnswer || error instanceof DeadlineExceededError

/** The server's answer to a position that is no event's. */
const isNoSuchPosition = (error: unknown) => error instanceof UnknownError && error.message.includes('InvalidPosition')

const permissionDenied = 7
const isNotLetIn = (error: unknown) => error instanceof AccessDeniedError || (error as { code?: unknown } | null)?.code === permissionDenied
/** Whether a failure, as the client or this adapter throws it, means that the server does not let us in: waiting does not mend that. */
export const isRefusal = (error: unknown) => isNotLetIn(error) || (error instanceof StoreUnavailable && error.cause instanceof NotLetIn)

const actualOf = (actual: unknown): ExpectedRevision => (typeof actual === 'bigint' ? actual : 'no_stream')
