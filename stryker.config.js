import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'

/** Mutation testing of what Caseledger exists for: `npm run mutate` runs it twice. Not in CI, because it takes an hour. */
const passes = {
  /** What needs no database, against the specs beside it. */
  rules: {
    mutate: [
      'libs/{decider,domain,event-codec,event-kit}/**/*.ts',
      'libs/subject-keys/{envelope,subject-keys,memory}.ts',
      '!libs/**/*.spec.ts',
      '!libs/**/{examples,invented}.ts',
      '!libs/**/spec.ts',
    ],
    tests: [
      [
        ...['decider', 'domain', 'event-codec', 'event-kit', 'subject-keys'].flatMap(lib => specsOf(`libs/${lib}`)),
        'test/golden/golden.test.ts',
        'test/contract/subject-keys.memory.test.ts',
      ],
    ],
  },
  /** The vault in PostgreSQL, with its files and its gate, against the contract and the stories of back-ups, rotations and restores. */
  vault: {
    mutate: [
      'libs/subject-keys/postgres/*.ts',
      '!libs/subject-keys/postgres/migrations.ts',
      'libs/subject-keys/{file-key-provider,file-revocation-journal,restore-gate,search-values,wrapping}.ts',
    ],
    tests: [
      [
        'libs/subject-keys/restore-gate.spec.ts',
        'libs/subject-keys/vault-files.spec.ts',
        'test/contract/vault-backup.test.ts',
        'test/contract/subject-keys.postgres.test.ts',
      ],
      ['test/contract/vault-lifecycle.test.ts'],
    ],
  },
}
const pass = process.env.CASELEDGER_MUTATE ?? 'rules'
const { mutate, tests } = passes[pass]

function specsOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter(file => file.endsWith('.spec.ts'))
    .sort()
    .map(file => `${folder}/${file}`)
}
/**
 * Many tests in one file, so that a mutant that touches them loads its libraries once; what makes a world for each of its tests stands
 * alone. Written by `npm run mutate` only: others read this file too.
 */
function gathered() {
  if (process.env.CASELEDGER_MUTATE === undefined) return []
  mkdirSync('.mutation', { recursive: true })
  const cleaned = pass === 'vault' ? "import { dropTestDatabases } from '../test/support/database.js'\nafterAll(dropTestDatabases)\n" : ''
  return tests.map((files, n) => {
    const name = `.mutation/${pass}-${n}.test.ts`
    writeFileSync(name, files.map(file => `import '../${file.replace(/ts$/, 'js')}'\n`).join('') + cleaned)
    return `<rootDir>/${name}`
  })
}

/** Jest's own way of loading modules, anew for each file: what runs when a module is loaded is mutated, too. */
const loadedAnew = {
  runtime: undefined,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  testEnvironmentOptions: { customExportConditions: ['caseledger-src', 'node', 'node-addons'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
}

export default {
  mutate,
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.js',
    enableFindRelatedTests: false,
    config: { ...loadedAnew, testMatch: gathered(), reporters: [] },
  },
  coverageAnalysis: 'perTest',
  // What a text says is judged by readers.
  mutator: { excludedMutations: ['StringLiteral'] },
  // What runs when a module is loaded is tried against every test: left out, Stryker 9 counts it as survived without a test.
  ignoreStatic: false,
  thresholds: { high: 95, low: 85, break: 85 },
  concurrency: 2,
  // Every run leaves a module registry behind: a runner that is used for ever spends its time collecting garbage.
  maxTestRunnerReuse: 40,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: `reports/mutation-${pass}.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  tempDirName: '.stryker-tmp',
}
