import { type DynamicModule, Module } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core'
import { CqrsModule } from '@nestjs/cqrs'
import type { Logger } from 'pino'
import type { Backend } from '#backend/backend'
import { Health } from '#backend/health'
import { healthOf } from '#backend/health-of'
import { Policies } from '#commands/policies-in-force'
import { StaffOnly, type TokenTrust } from '#nest/authentication'
import { BoundedWait } from '#nest/bounded-wait'
import { EtagOfRevision } from '#nest/etag'
import { ReadsOfNothing } from '#nest/reads-of-nothing'
import { FrontDesk } from '#nest/front-desk'
import { LocationOfMade } from '#nest/location'
import { Lists, OpenRecords } from '#nest/list-of'
import { Names } from '#nest/names-in-lists'
import { ProblemFilter } from '#nest/problems'
import { UnderAudit } from '#nest/under-audit'
import { bodyValidation } from '#nest/validation'
import { IncidentOpening } from '#opening/incident-opening'
import { Opening } from '#opening/opening'
import { RecordedVault } from '#opening/recorded-vault'
import { Records } from '#opening/records'
import type { SubjectRef } from '#kernel/id'
import { Metrics } from '#telemetry/metrics'
import { Outages } from '#telemetry/outages'
import { AuditLedger } from './audit-ledger.js'
import { AuditWork } from './audit-work.js'
import { CommandDesk } from './command-desk.js'
import { controllers, providers } from './doors.js'
import { History } from './history.js'
import { ListeningToBuses } from './listening-to-buses.js'
import { NamesOnRecord } from './names-on-record.js'
import { OpenRecordsNow } from './open-records-now.js'
import { Reading } from './reading.js'
import { StaffDirectory } from './staff-directory.js'
import { Vault } from './vault.js'
import { WordsOnRecord } from './words-on-record.js'

const awayInWords = {
  began: 'a part is away: what needs it is answered 503',
  ended: 'a part is back',
  open: 'a part was still away when the API stopped',
}
/** As long as a 503 asks its caller to wait. */
const calmMs = 2_000

/** How long an answer may take, and how many refusals of a second are put on record: whoever sends rubbish must not fill the log. */
export type ApiLimits = { readonly answersWithinMs: number; readonly refusalsPerSecond: number }
const usualLimits: ApiLimits = { answersWithinMs: 15_000, refusalsPerSecond: 50 }

/** The doors, wired to one backend. */
@Module({})
export class ApiModule {
  static for(backend: Backend, trust: TokenTrust, log: Logger, limits: Partial<ApiLimits> = {}): DynamicModule {
    const { answersWithinMs, refusalsPerSecond } = { ...usualLimits, ...limits }
    const { clock, store, codec, folds, commands, tables, keys, sql, readModels, ledger, serviceKey, metrics, storedAsSent } = backend
    const policies = new Policies(folds)
    const records = new Records(store, codec, clock, log, refusalsPerSecond)
    const desk = new CommandDesk(commands, folds, policies, records, tables, serviceKey, clock)
    const vault = new Vault(keys)
    const denied = records.denied.bind(records)
    const opening = new Opening(policies, clock, new RecordedVault(keys, folds, records.accesses), denied, folds)
    const history = new History(store, codec)
    const outages = new Outages(log, awayInWords, calmMs)
    return {
      module: ApiModule,
      imports: [CqrsModule.forRoot()],
      controllers: [...controllers],
      providers: [
        ...providers,
        ListeningToBuses,
        { provide: CommandDesk, useValue: desk },
        { provide: FrontDesk, useValue: desk },
        { provide: Vault, useValue: vault },
        { provide: Reading, useValue: new Reading(sql, readModels, folds, store, clock, policies) },
        { provide: Lists, useExisting: Reading },
        { provide: OpenRecords, useFactory: (reading: Reading) => new OpenRecordsNow(reading, opening, clock), inject: [Reading] },
        { provide: Names, useFactory: (reading: Reading) => new NamesOnRecord(reading, opening), inject: [Reading] },
        { provide: Opening, useValue: opening },
        { provide: IncidentOpening, useValue: new IncidentOpening(commands, keys, clock) },
        { provide: StaffDirectory, useValue: new StaffDirectory(tables, folds, serviceKey, trust.issuer, clock) },
        { provide: History, useValue: history },
        { provide: WordsOnRecord, useValue: new WordsOnRecord(history, opening) },
        { provide: AuditWork, useValue: new AuditWork(desk, ledger, store, opening) },
        { provide: AuditLedger, useValue: new AuditLedger(ledger, folds, store) },
        { provide: Metrics, useValue: metrics },
        { provide: Health, useValue: healthOf(backend, { vault: keys, more: [() => storedAsSent.part()] }) },
        { provide: APP_GUARD, useValue: new StaffOnly(trust, serviceKey, tables, folds, denied, clock) },
        {
          provide: APP_GUARD,
          useValue: new UnderAudit(folds, clock, {
            read: ({ auditId, door, subjectRef, ...by }) =>
              records.accesses.history(by, { auditId, door, subjectRef: subjectRef as SubjectRef | undefined }),
            denied,
          }),
        },
        { provide: APP_PIPE, useValue: bodyValidation() },
        {
          provide: APP_FILTER,
          useValue: new ProblemFilter(log, outages, code => {
            metrics.refusal(code)
          }),
        },
        { provide: Outages, useValue: outages },
        { provide: APP_INTERCEPTOR, useValue: new ReadsOfNothing(denied) },
        { provide: APP_INTERCEPTOR, useClass: EtagOfRevision },
        { provide: APP_INTERCEPTOR, useClass: LocationOfMade },
        { provide: APP_INTERCEPTOR, useValue: new BoundedWait(answersWithinMs) },
      ],
    }
  }
}
