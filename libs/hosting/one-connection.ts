import postgres, { type Sql } from 'postgres'

/** Seconds. The driver’s own pauses before it connects again grow to twenty, in which it neither answers nor fails. */
export const connectAgain = () => 0.05

/** A client of one connection for as long as a process lives; told when it closes. It connects again by itself. */
export const lastingConnection = (url: string, onclose: () => void): Sql =>
  postgres(url, { max: 1, onclose, connect_timeout: 5, backoff: connectAgain, onnotice: () => undefined, max_lifetime: null })

/** The connection broke. Its client does not always tell who waits for an answer on it. */
class ConnectionLost extends Error {
  readonly code = 'CONNECTION_CLOSED'
}

/** Work over one connection, closed afterwards; it fails when the connection breaks, also where it would wait for ever. */
export async function overOneConnection<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  let broke: () => void = () => undefined
  const broken = new Promise<never>((_, reject) => {
    broke = () => {
      reject(new ConnectionLost('The connection to the database was lost'))
    }
  })
  broken.catch(() => undefined)
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 5,
    max_lifetime: null,
    onnotice: () => undefined,
    onclose: () => {
      broke()
    },
  })
  try {
    return await Promise.race([work(sql), broken])
  } finally {
    await sql.end({ timeout: 1 })
  }
}
