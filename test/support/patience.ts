import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import postgres from 'postgres'

/** What the work below takes on a machine for which the waits of the tests were written, in milliseconds. */
const usual = 500
/** It is measured once, and may get more to do later: what the tests say is what they take on a machine that has nothing else to do. */
export const least = 3
const most = 30

/** By how much longer a machine is waited for that took so long, in steps of a half. */
export const factorOf = (tookMs: number): number => Math.min(most, Math.max(least, Math.round((tookMs / usual) * 2) / 2))

/** A wait of the tests, as long as this machine needs it: the factor was measured when the run began. */
export const patient = (ms: number, factor = Number(process.env['CASELEDGER_TEST_PATIENCE']) || 1): number => Math.ceil(ms * factor)

/** Of everything that the tests wait for a little: processes that start, work, and answers of a database. */
export async function measured(database: string): Promise<number> {
  const began = performance.now()
  for (let n = 0; n < 3; n++) spawnSync(process.execPath, ['-e', '0'])
  const [hash, block] = [createHash('sha256'), Buffer.alloc(1 << 20)]
  for (let n = 0; n < 100; n++) hash.update(block)
  hash.digest()
  const sql = postgres(database, { max: 1 })
  for (let n = 0; n < 200; n++) await sql`select ${n}::int`
  await sql.end()
  return performance.now() - began
}
