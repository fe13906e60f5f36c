import { Controller, Query as QueryParams, Res } from '@nestjs/common'
import { ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { ReadsAs } from '#nest/door'
import { OneOf } from '#nest/fields'
import { refusedAs } from '#nest/problems'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { sharedBy } from '#read-models/disclosure-ledger/queries'
import { AuditLedger } from '../audit-ledger.js'
import { answerProof } from '../proof-answer.js'
import { Reading } from '../reading.js'

class ReceiptQuery {
  @OneOf(['SERVICE', 'RECIPIENT'], {
    optional: true,
    description: 'For a RECIPIENT the leaf stands in it by its hash only: a person’s reference does not leave the service.',
  })
  for?: string
}

/** C43: what was shared is on record, and whoever holds the receipt can show it. */
@ApiTags('disclosure')
@Controller('disclosures')
export class DisclosureReceiptController {
  constructor(
    private readonly ledger: AuditLedger,
    private readonly reading: Reading,
  ) {}

  @ReadsAs('text/plain', {
    path: ':disclosureId/receipt',
    summary: 'The proof that a disclosure is on record; 202 until a checkpoint covers it',
    roles: rolesThatMay('READ_RECEIPT', 'READ'),
    refusals: ['NOT_FOUND'],
    waits: true,
  })
  async read(
    @IdInPath('disclosureId') disclosureId: string,
    @QueryParams() query: ReceiptQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const eventId = await this.#eventOf(disclosureId)
    if (eventId === undefined) throw refusedAs('NOT_FOUND')
    return answerProof(reply, disclosureId, await this.ledger.proofOf(eventId, query.for === 'RECIPIENT' ? 'hash' : 'entry'))
  }

  /** What was shared a moment ago is waited for. */
  async #eventOf(disclosureId: string): Promise<string | undefined> {
    const known = await sharedBy(this.reading.sql, disclosureId)
    if (known !== undefined) return known
    return this.reading.lately('disclosure-ledger', (await this.ledger.store.head()) ?? 0n, () => sharedBy(this.reading.sql, disclosureId))
  }
}
