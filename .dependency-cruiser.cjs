/**
 * The floors of the architecture: a library imports only from floors below its own. Each rule has a planted violation in
 * test/architecture.
 */
const floors = [
  ['kernel', 'merkle'],
  ['event-kit', 'calendar', 'locks', 'telemetry'],
  ['decider'],
  ['domain', 'policy', 'verifier'],
  ['subject-keys'],
  ['event-codec'],
  ['event-store'],
  ['commands'],
  ['projections', 'ledger', 'opening'],
  ['read-models', 'processes'],
  ['nest', 'hosting'],
  ['backend'],
  ['key-keeping', 'audit-papers'],
]
const below = n => floors.slice(0, n).flat()
const notTests = { pathNot: '\\.spec\\.ts$' }

module.exports = {
  forbidden: [
    ...floors.map((names, n) => ({
      name: `floor-${names.join('-')}`,
      severity: 'error',
      comment: 'A library imports only from floors below its own.',
      from: { path: `^libs/(${names.join('|')})/`, ...notTests },
      to: { path: '^(libs|apps|test|bench)/', pathNot: `^libs/(${below(n).join('|') || 'nothing'})/|^libs/$1/` },
    })),
    {
      name: 'domain-knows-no-framework',
      severity: 'error',
      comment: 'Decisions are pure: no framework, no database, no clock, no randomness.',
      from: { path: '^libs/(kernel|decider|domain)/', pathNot: '\\.spec\\.ts$|^libs/decider/spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown', 'core'], pathNot: '(^|/)node_modules/zod/' },
    },
    {
      name: 'merkle-stands-alone',
      severity: 'error',
      comment: 'Others can take this library as it is: it needs nothing but node:crypto.',
      from: { path: '^libs/merkle/', ...notTests },
      to: { path: '.', pathNot: '^libs/merkle/|^crypto$' },
    },
    {
      name: 'one-context-does-not-read-another',
      severity: 'error',
      comment: 'What a decision needs from elsewhere is an argument.',
      from: { path: '^libs/domain/([^/]+)/' },
      to: { path: '^libs/domain/', pathNot: '^libs/domain/$1/' },
    },
    {
      name: 'policy-and-domain-are-neighbours',
      severity: 'error',
      comment: 'Policy facts reach a decision as arguments.',
      from: { path: '^libs/(domain|policy)/' },
      to: { path: '^libs/(domain|policy)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'one-read-model-does-not-read-another',
      severity: 'error',
      comment: 'A read model owns its tables alone.',
      from: { path: '^libs/read-models/([^/]+)/' },
      to: { path: '^libs/read-models/[^/]+/', pathNot: '^libs/read-models/$1/' },
    },
    {
      name: 'what-is-kept-for-queries-stays-sealed',
      severity: 'error',
      comment: 'Only who asks, on record, has anything opened: never a view on the way into its tables.',
      from: { path: '^libs/read-models/' },
      to: { path: '^libs/opening/' },
    },
    {
      name: 'one-app-does-not-import-another',
      severity: 'error',
      comment: 'What two apps share is a library.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'nest-lives-in-nest-and-api',
      severity: 'error',
      comment: 'One library and the API know the web framework.',
      from: { path: '^(libs|apps)/', pathNot: '^libs/nest/|^apps/api/' },
      to: { path: 'node_modules/(@nestjs|@fastify|fastify|class-validator|class-transformer)/' },
    },
    {
      name: 'only-the-api-loads-nest',
      severity: 'error',
      comment: 'Whoever imports anything of libs/nest loads the web framework: a second of every command line.',
      from: { path: '^(libs|apps)/', pathNot: '^libs/nest/|^apps/api/' },
      to: { path: '^libs/nest/' },
    },
    {
      name: 'postgres-lives-in-its-adapters',
      severity: 'error',
      comment: 'No idea of PostgreSQL leaks into a port.',
      from: {
        path: [
          '^libs/(kernel|merkle|event-kit|decider|calendar|domain|policy|verifier|event-codec|opening|nest)/',
          '^libs/(event-store|subject-keys|commands|processes|projections|ledger)/[^/]+\\.ts$',
        ],
      },
      to: { path: 'node_modules/(postgres|kysely)/' },
    },
    {
      name: 'eventstoredb-lives-in-its-adapter',
      severity: 'error',
      comment: 'Who needs the log asks the port.',
      from: { path: '^(libs|apps)/', pathNot: '^libs/event-store/eventstoredb/' },
      to: { path: 'node_modules/@eventstore/' },
    },
    {
      name: 'telemetry-lives-in-its-library',
      severity: 'error',
      comment: 'What is measured and traced is a closed list, kept in one place.',
      from: { path: '^(libs|apps)/', pathNot: '^libs/telemetry/' },
      to: { path: 'node_modules/(prom-client|@opentelemetry)/' },
    },
    {
      name: 'source-does-not-import-the-build',
      severity: 'error',
      comment: 'A clean checkout has no build yet: what imports one passes only where one is left over.',
      from: { path: '^(libs|apps|test|bench)/' },
      to: { path: '(^|/)dist/(libs|apps|test|bench)/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['caseledger-src', 'import', 'require', 'node', 'default', 'types'],
    },
  },
}
