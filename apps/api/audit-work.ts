import { Injectable } from '@nestjs/common'
import { type Audit, type Finding, type Sample, audit } from '#domain/audit/audit'
import { type Mandate, audits, isOpen } from '#domain/audit/audits'
import type { AuditWorkEvent } from '#domain/audit/events'
import type { Decision } from '#decider/decider'
import type { EventStore } from '#event-store/event-store'
import { type Sheet, sheetOf } from '#audit-papers/audit-sheet'
import type { AuditId } from '#kernel/id'
import type { Refusal } from '#kernel/refusals'
import type { LedgerReader } from '#ledger/postgres/ledger-reader'
import { refusedAs } from '#nest/problems'
import type { RequestFacts } from '#nest/request'
import { envelopeOf } from '#projections/sealed'
import type { CommandDesk } from './command-desk.js'
import type { Vault } from './vault.js'

/** What auditors do under an audit, and what the service answers. */
@Injectable()
export class AuditWork {
  constructor(
    private readonly desk: CommandDesk,
    private readonly ledger: LedgerReader,
    private readonly store: EventStore,
    private readonly vault: Vault,
  ) {}

  async all(): Promise<readonly Mandate[]> {
    return [...(await this.desk.folds.load(audits, 'main')).state.values()]
  }

  /** @throws Refused NOT_FOUND */
  async mandate(auditId: string): Promise<Mandate> {
    const mandate = (await this.desk.folds.load(audits, 'main')).state.get(auditId)
    if (!mandate) throw refusedAs('NOT_FOUND')
    return mandate
  }

  async work(auditId: string): Promise<Audit> {
    return (await this.desk.folds.load(audit, auditId)).state
  }

  /** @throws Refused NOT_FOUND, AUDIT_CLOSED, and what the decision refuses */
  async decide<R extends Refusal>(
    told: RequestFacts,
    auditId: string,
    command: string,
    decide: (mandate: Mandate, now: string) => Decision<Audit, AuditWorkEvent, R>,
  ) {
    const mandate = await this.mandate(auditId)
    if (!isOpen(mandate, this.desk.clock.now())) throw refusedAs('AUDIT_CLOSED')
    return this.desk.decide(told, {
      command,
      aggregate: audit,
      id: auditId,
      purpose: 'AUDIT',
      basis: { art6: 'c' },
      decide: (_, now) => decide(mandate, now),
    })
  }

  /** The newest checkpoint: what is signed cannot be rearranged any more. @throws Refused NOTHING_SIGNED */
  async checkpointSize(): Promise<number> {
    const newest = await this.ledger.newest()
    if (!newest) throw refusedAs('NOTHING_SIGNED')
    return newest.checkpoint.size
  }

  /** The leaves that a seed draws. @throws Refused NOTHING_SIGNED */
  async drawn({ from, to, scope, subjects }: Mandate, { checkpointSize: below, type, wanted }: Sample, seed: string) {
    const standing = await this.ledger.standing()
    if (!standing) throw refusedAs('NOTHING_SIGNED')
    return this.ledger.draw(
      standing.log,
      { below, type, from, to, streams: scope === 'ALL' ? undefined : subjects.map(subject => `person-${subject}`) },
      seed,
      wanted,
    )
  }

  /** @throws Refused NOT_FOUND for a leaf that was not drawn */
  async sheet(auditId: AuditId, sampleId: string, index: number): Promise<Sheet> {
    const sample = (await this.work(auditId)).samples.get(sampleId)
    const sheet = sample?.drawn?.leaves.includes(index) ? await sheetOf({ ledger: this.ledger, store: this.store }, index) : undefined
    if (!sheet) throw refusedAs('NOT_FOUND')
    return sheet
  }

  /**
   * The words of findings, opened for those who may read them: that they were is on record first. A word that cannot be opened any more
   * is undefined.
   */
  async words(
    told: RequestFacts,
    auditId: AuditId,
    findings: readonly Finding[],
  ): Promise<readonly { readonly raised: string | undefined; readonly answered: string | undefined }[]> {
    if (findings.length === 0) return []
    await this.desk.records.access(told, 'AUDIT', auditId, 'AUDIT', [])
    const said = findings.flatMap(({ words, answered }) => [
      { words, type: 'AuditFindingRaised' },
      ...(answered ? [{ words: answered.words, type: 'AuditFindingAnswered' }] : []),
    ])
    const opened = await this.vault.keys.open(
      said.map(({ words, type }) => ({ subject: auditId, sealed: envelopeOf(words), declared: [`${type}|words`] })),
    )
    let n = 0
    const next = () => {
      const one = opened[n++]
      return one === undefined || one === 'erased' ? undefined : (one.known as string)
    }
    return findings.map(({ answered }) => ({ raised: next(), answered: answered && next() }))
  }
}
