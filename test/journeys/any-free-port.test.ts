import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

test('PORT=0 npm start takes a port that is free, and says which', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'caseledger-port-'))
  const child = spawn(process.execPath, [join(process.cwd(), 'tools/start.mjs')], {
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', CASELEDGER_DATA_DIR: dir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let said = ''
  const port = await new Promise<string | undefined>(resolve => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const told = /API {7}http:\/\/127\.0\.0\.1:(\d+)\/v1/.exec(said)?.[1]
      if (told !== undefined) resolve(told)
    })
    child.once('exit', () => {
      resolve(undefined)
    })
  })
  try {
    expect(port).not.toBe('0')
    expect((await fetch(`http://127.0.0.1:${port ?? ''}/health/live`)).status).toBe(200)
  } finally {
    child.kill('SIGINT')
    await ended
    rmSync(dir, { recursive: true, force: true })
  }
})
