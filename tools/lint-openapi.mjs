/** What the API says of itself, held against the three validators that people use: nothing may be wrong, and nothing be warned of. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import SwaggerParser from '@apidevtools/swagger-parser'
import spectralCore from '@stoplight/spectral-core'
import rulesets from '@stoplight/spectral-rulesets'

const root = join(import.meta.dirname, '..')
const file = join('docs', 'openapi.json')
const document = JSON.parse(readFileSync(join(root, file), 'utf8'))

const bySwaggerParser = () =>
  SwaggerParser.validate(structuredClone(document)).then(
    () => [],
    error => [error.message],
  )

async function bySpectral() {
  const spectral = new spectralCore.Spectral()
  spectral.setRuleset({ extends: [[rulesets.oas, 'recommended']] })
  return (await spectral.run(document)).map(({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`)
}

/** It asks the network for a newer one of itself, and tells of its use, unless told not to. */
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
const byRedocly = () =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/@redocly/cli/bin/cli.js'), 'lint', file, '--format=json'], {
      cwd: root,
      env: { ...process.env, ...quiet },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let said = ''
    child.stdout.on('data', text => {
      said += text
    })
    child.once('error', reject)
    child.once('close', () => {
      resolve(JSON.parse(said).problems.map(({ ruleId, location, message }) => `${ruleId} at ${location[0]?.pointer}: ${message}`))
    })
  })

for (const [validator, finding] of [
  ['redocly', byRedocly()],
  ['spectral', bySpectral()],
  ['swagger-parser', bySwaggerParser()],
]) {
  const found = await finding
  if (found.length === 0) continue
  process.exitCode = 1
  process.stdout.write(`${validator}: ${found.length}\n${found.map(one => `  ${one}\n`).join('')}`)
}
