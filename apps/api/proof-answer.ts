import type { FastifyReply } from 'fastify'
import type { Covered } from '#ledger/postgres/ledger-reader'

/** A proof as a file, or 202 while no checkpoint covers the event: somebody asks again in a while. */
export function answerProof(reply: FastifyReply, name: string, covered: Covered): string {
  switch (covered.kind) {
    case 'waiting':
      void reply.status(202).header('Retry-After', '10').header('Content-Type', 'text/plain; charset=utf-8')
      return 'No signed checkpoint covers this event yet: ask again.\n'
    case 'proved':
      void reply
        .header('Content-Type', 'text/plain; charset=utf-8')
        .header('Content-Disposition', `attachment; filename="${name}.tlog-proof"`)
      return covered.proof
  }
}
