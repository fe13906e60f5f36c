import { Controller, Param, Res } from '@nestjs/common'
import { ApiParam, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { isWithin } from '#domain/audit/audits'
import { ReadsAs, ReadsOpenly } from '#nest/door'
import { refusedAs } from '#nest/problems'
import { TheRequest, type RequestFacts } from '#nest/request'
import { IdInPath } from '#nest/validation'
import { rolesThatMay } from '#policy/capabilities'
import { AuditLedger } from '../audit-ledger.js'
import { CommandDesk } from '../command-desk.js'
import { personOf } from '../history.js'
import { answerProof } from '../proof-answer.js'

const forEver = 'public, max-age=31536000, immutable'
const briefly = 'public, max-age=5'
const text = 'text/plain; charset=utf-8'

/**
 * The audit ledger in the layout of c2sp.org/tlog-tiles. Checkpoints and hash tiles say nothing about anybody; entries are for those who
 * may read the history.
 */
@ApiTags('audit')
@Controller('ledger')
export class AuditLedgerController {
  constructor(
    private readonly ledger: AuditLedger,
    private readonly desk: CommandDesk,
  ) {}

  @ReadsOpenly('text/plain', { path: 'checkpoint', summary: 'The newest signed checkpoint', none: 'Nothing was signed yet.' })
  async checkpoint(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return sent(reply, text, briefly, await this.ledger.checkpoint())
  }

  @ReadsOpenly('text/plain', {
    path: 'policy',
    summary: 'The key of this ledger, as a trust policy to begin with',
    none: 'There is no ledger yet.',
  })
  async policy(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return sent(reply, text, briefly, await this.ledger.policy())
  }

  @ReadsAs('application/octet-stream', {
    path: 'tile/entries/*',
    summary: 'Entries: the headers of events, up to 256 of them',
    roles: rolesThatMay('READ_HISTORY', 'READ'),
    refusals: ['NOT_FOUND'],
  })
  @ApiParam({ name: '*', type: String, description: 'As c2sp.org/tlog-tiles has it, such as 000 or 000.p/17.' })
  async entries(@Param('*') path: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return sent(reply, 'application/octet-stream', 'private, no-store', await this.ledger.tile(`tile/entries/${path}`))
  }

  @ReadsOpenly('application/octet-stream', {
    path: 'tile/:level/*',
    summary: 'A tile of hashes; what was answered once never changes',
    none: 'No tile of the ledger that was signed last.',
  })
  @ApiParam({ name: 'level', type: String, description: 'How high above the leaves, from 0.' })
  @ApiParam({ name: '*', type: String, description: 'As c2sp.org/tlog-tiles has it, such as 000 or 000.p/17.' })
  async tile(@Param('level') level: string, @Param('*') path: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return sent(
      reply,
      'application/octet-stream',
      forEver,
      level === 'entries' ? undefined : await this.ledger.tile(`tile/${level}/${path}`),
    )
  }

  @ReadsAs('text/plain', {
    path: 'proofs/:eventId',
    summary: 'The proof that an event is in the ledger; 202 until a checkpoint covers it',
    roles: rolesThatMay('READ_HISTORY', 'READ'),
    underAudit: 'BY_DOOR',
    refusals: ['NOT_FOUND'],
    waits: true,
  })
  async proof(
    @IdInPath('eventId') eventId: string,
    @TheRequest() told: RequestFacts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (told.audit) {
      const subjectRef = personOf(await this.ledger.streamOf(eventId))
      if (!isWithin(told.audit, subjectRef)) throw refusedAs('AUDIT_SCOPE_EXCEEDED')
      await this.desk.records.accesses.history(told, { auditId: told.audit.auditId, door: 'AuditLedger.proof', subjectRef })
    }
    return answerProof(reply, eventId, await this.ledger.proofOf(eventId))
  }
}

/** @throws Refused NOT_FOUND */
function sent<T>(reply: FastifyReply, type: string, caching: string, body: T | undefined): T {
  if (body === undefined) throw refusedAs('NOT_FOUND')
  void reply.header('Content-Type', type).header('Cache-Control', caching)
  return body
}
