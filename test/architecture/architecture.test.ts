import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { parseIJson } from '#event-kit/i-json'

const root = process.cwd()
type Cruise = {
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly { readonly rule: { readonly name: string }; readonly from: string }[]
  }
}

function cruise(folder: string, ...what: readonly string[]): Cruise {
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/depcruise'),
    [...what, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  )
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Cruise
}
const rules = (
  createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as { forbidden: readonly { name: string }[] }
).forbidden.map(({ name }) => name)

/** For each rule, a file that breaks it. */
const planted: Readonly<Record<string, readonly [file: string, imports: string]>> = {
  'floor-kernel-merkle': ['libs/kernel/plant.ts', '../event-kit/plain.js'],
  'floor-event-kit-calendar-locks-telemetry': ['libs/event-kit/plant.ts', '../decider/plain.js'],
  'floor-decider': ['libs/decider/plant.ts', '../domain/person/plain.js'],
  'floor-domain-policy-verifier': ['libs/policy/plant.ts', '../commands/plain.js'],
  'floor-subject-keys': ['libs/subject-keys/plant.ts', '../event-codec/plain.js'],
  'floor-event-codec': ['libs/event-codec/plant.ts', '../event-store/plain.js'],
  'floor-event-store': ['libs/event-store/plant.ts', '../commands/plain.js'],
  'floor-commands': ['libs/commands/plant.ts', '../projections/plain.js'],
  'floor-projections-ledger-opening': ['libs/projections/plant.ts', '../read-models/one/plain.js'],
  'floor-read-models-processes': ['libs/processes/plant.ts', '../nest/plain.js'],
  'floor-nest-hosting': ['libs/hosting/plant.ts', '../backend/plain.js'],
  'floor-backend': ['libs/backend/plant.ts', '../key-keeping/plain.js'],
  'floor-key-keeping-audit-papers': ['libs/key-keeping/plant.ts', '../../apps/api/plain.js'],
  'domain-knows-no-framework': ['libs/domain/person/plant-core.ts', 'node:crypto'],
  'merkle-stands-alone': ['libs/merkle/plant.ts', 'node:fs'],
  'one-context-does-not-read-another': ['libs/domain/person/plant-context.ts', '../breach/plain.js'],
  'policy-and-domain-are-neighbours': ['libs/domain/person/plant-policy.ts', '../../policy/plain.js'],
  'one-read-model-does-not-read-another': ['libs/read-models/one/plant.ts', '../two/plain.js'],
  'what-is-kept-for-queries-stays-sealed': ['libs/read-models/one/plant-opened.ts', '../../opening/plain.js'],
  'one-app-does-not-import-another': ['apps/api/plant.ts', '../cli/plain.js'],
  'nest-lives-in-nest-and-api': ['libs/commands/plant-nest.ts', '@nestjs/common'],
  'only-the-api-loads-nest': ['apps/cli/plant-nest.ts', '../../libs/nest/plain.js'],
  'postgres-lives-in-its-adapters': ['libs/event-store/plant-postgres.ts', 'postgres'],
  'eventstoredb-lives-in-its-adapter': ['libs/event-store/plant-eventstoredb.ts', '@eventstore/db-client'],
  'telemetry-lives-in-its-library': ['libs/commands/plant-metrics.ts', 'prom-client'],
  'source-does-not-import-the-build': ['apps/api/plant-built.ts', '../../dist/libs/plain.js'],
  'no-circular': ['libs/kernel/plant-circle.ts', './plant-circle-back.js'],
  'nothing-unresolved': ['libs/kernel/plant-nowhere.ts', './nowhere.js'],
}
/** Rules that hold in several rooms: one more file each that breaks them. */
const plantedToo: typeof planted = {
  'floor-projections-ledger-opening': ['libs/opening/plant.ts', '../projections/plain.js'],
  'nest-lives-in-nest-and-api': ['libs/opening/plant-nest.ts', '@nestjs/common'],
  'postgres-lives-in-its-adapters': ['libs/opening/plant-postgres.ts', 'postgres'],
}
const everyPlant = [...Object.entries(planted), ...Object.entries(plantedToo)]

test('the floors hold, and the check sees the code that it checks', () => {
  const { summary } = cruise(root, 'libs', 'apps')
  expect(summary.violations).toEqual([])
  expect(summary.totalCruised).toBeGreaterThan(150)
})
test('every rule has a planted violation', () => {
  expect(Object.keys(planted).sort()).toEqual([...rules].sort())
})
test('each planted violation is found by its rule', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caseledger-floors-'))
  try {
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'NodeNext', moduleResolution: 'NodeNext' } }))
    write('package.json', JSON.stringify({ type: 'module' }))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const [, [file, imports]] of everyPlant) {
      write(file, `import * as plain from '${imports}'\nexport const plant = plain\n`)
      if (imports.startsWith('.') && imports.endsWith('plain.js'))
        write(relative(folder, join(folder, dirname(file), imports.replace(/\.js$/, '.ts'))), 'export const plain = 1\n')
    }
    write('libs/kernel/plant-circle-back.ts', "import { plant } from './plant-circle.js'\nexport const back = plant\n")
    const { summary } = cruise(folder, 'libs', 'apps')
    for (const [rule, [file]] of everyPlant) {
      expect(
        summary.violations.filter(violation => violation.from.startsWith(file.replace(/\.ts$/, ''))).map(violation => violation.rule.name),
      ).toContain(rule)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

function* sources(folder: string): Iterable<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* sources(path)
    else if (path.endsWith('.ts')) yield path
  }
}
const code = [...sources('libs'), ...sources('apps')].filter(file => !file.endsWith('.spec.ts'))
const callersOf = (pattern: RegExp) => code.filter(file => pattern.test(readFileSync(join(root, file), 'utf8')))

test('only these look into a personal value', () => {
  expect(callersOf(/Personal\.look\b/)).toEqual(['libs/decider/spec.ts', 'libs/event-codec/sealed.ts', 'libs/event-codec/walk.ts'])
})
test('only these make a clear field of a form of their own: free text is clear by notPersonal alone, which names its decision', () => {
  expect(callersOf(/\bmatching\(|\bnew Plain[<(]/).sort()).toEqual([
    'libs/event-codec/metadata.ts',
    'libs/event-kit/field.ts',
    // Numbers of closed series: there is no room for a word in them.
    'libs/event-kit/paper-number.ts',
  ])
})
test('only these open what is sealed', () => {
  expect(callersOf(/\bkeys\.open\(/)).toEqual(['libs/opening/incident-opening.ts', 'libs/opening/recorded-vault.ts'])
})
test('only these read the clock', () => {
  expect(callersOf(/\bnew Date\(\)|Date\.now\(\)/).sort()).toEqual([
    'apps/cli/demo.ts',
    'libs/kernel/clock.ts',
    'libs/projections/postgres/read-models.ts',
    'libs/subject-keys/memory.ts',
  ])
})
test('there is one handler a message, and every door’s file opens something', async () => {
  const { controllers, providers } = await import('../../apps/api/doors.js')
  expect(controllers.length).toBeGreaterThanOrEqual(readdirSync(join(root, 'apps/api/doors')).length)
  const handled = providers.flatMap(provider =>
    Reflect.getMetadataKeys(provider)
      .filter((key): key is string => typeof key === 'string' && /command|query/i.test(key))
      .map(key => Reflect.getMetadata(key, provider) as unknown),
  )
  expect(handled.length).toBeGreaterThan(20)
  expect(new Set(handled).size).toBe(handled.length)
})

test('tests run the sources and not a build of them', () => {
  let where = ''
  try {
    parseIJson('{')
  } catch (error) {
    where = (error as Error).stack ?? ''
  }
  expect(where).toContain('/libs/event-kit/i-json.ts')
})
