import { Injectable } from '@nestjs/common'
import { type Audit, type Finding, type Sample, audit } from '#domain/audit/audit'
import { type Mandate, audits } from '#domain/audit/audits'
import { AuditFindingAnswered, AuditFindingRaised } from '#domain/audit/events'
import { envelopeOf } from '#event-codec/sealed'
import type { EventStore } from '#event-store/event-store'
import { type Sheet, sheetOf } from '#audit-papers/audit-sheet'
import type { AuditId } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import type { LedgerReader } from '#ledger/postgres/ledger-reader'
import { refusedAs } from '#nest/problems'
import type { RequestFacts } from '#nest/request'
import type { Opening, Words } from '#opening/opening'
import type { CommandDesk } from './command-desk.js'

/** What auditors do under an audit, and what the service answers. */
@Injectable()
export class AuditWork {
  constructor(
    private readonly desk: CommandDesk,
    private readonly ledger: LedgerReader,
    private readonly store: EventStore,
    private readonly opening: Opening,
  ) {}

  async all(): Promise<readonly Mandate[]> {
    return [...(await this.desk.folds.load(audits, 'main')).state.values()]
  }

  async known(auditId: string): Promise<Mandate | undefined> {
    return (await this.desk.folds.load(audits, 'main')).state.get(auditId)
  }

  /** @throws Refused NOT_FOUND */
  async mandate(auditId: string): Promise<Mandate> {
    const mandate = await this.known(auditId)
    if (!mandate) throw refusedAs('NOT_FOUND')
    return mandate
  }

  async work(auditId: string): Promise<Audit> {
    return (await this.desk.folds.load(audit, auditId)).state
  }

  /** The newest checkpoint's: what is signed cannot be rearranged any more. */
  async checkpointSize(): Promise<number | undefined> {
    return (await this.ledger.newest())?.checkpoint.size
  }

  /** The leaves that a seed draws; undefined while nothing was sequenced. */
  async drawn({ from, to, scope, subjects }: Mandate, { checkpointSize: below, type, wanted }: Sample, seed: string) {
    const standing = await this.ledger.standing()
    const streams = scope === 'ALL' ? undefined : subjects.map(subject => `person-${subject}`)
    return standing && this.ledger.draw(standing.log, { below, type, from, to, streams }, seed, wanted)
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
    const said = findings.flatMap(({ words, answered }) => [
      wordsIn(AuditFindingRaised, words),
      ...(answered ? [wordsIn(AuditFindingAnswered, answered.words)] : []),
    ])
    const asked = { subject: { kind: 'audit', id: auditId }, purpose: 'AUDIT', what: 'AUDIT' } as const
    const opened = (await this.opening.words(told, 'READ_AUDIT', asked, said)).values()
    const next = () => {
      const one = opened.next().value
      return typeof one === 'object' ? (one.known as string) : undefined
    }
    return findings.map(({ answered }) => ({ raised: next(), answered: answered && next() }))
  }
}

const wordsIn = ({ type }: { readonly type: string }, words: Personal<string>): Words => ({
  sealed: envelopeOf(words),
  scope: 'NARR',
  declared: [`${type}|words`],
})
