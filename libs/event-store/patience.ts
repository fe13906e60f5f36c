import { isNativeError } from 'node:util/types'

/** The store did not answer in time. What was asked may have been done. */
export class NoAnswer extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
  }
}

/** The answer, or NoAnswer when it takes too long. The work itself goes on: its late answer is ignored. */
export function withPatience<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NoAnswer(ms))
    }, ms)
    work.then(
      value => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(isNativeError(error) ? error : new Error('it failed'))
      },
    )
  })
}

/** Waits, unless the signal aborts first. */
export const resting = (ms: number, signal: AbortSignal) =>
  new Promise<void>(resolve => {
    if (signal.aborted) {
      resolve()
      return
    }
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
