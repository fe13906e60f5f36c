import { catalogue } from '#event-codec/catalogue'
import { EventCodec } from '#event-codec/codec'
import { inventedId } from '#event-kit/examples'
import type { CommandFacts } from './commands.js'

/** What the specs of commands and folds have in common: a clock that stands, events without personal data, and who does it. */
export const clock = { now: () => '2026-11-01T09:00:00.000Z' }
export const codec = new EventCodec(catalogue, { seal: () => Promise.reject(new Error('There is nothing to seal here')) })
export const factsOf = (commandId: string): CommandFacts => ({
  actor: { id: inventedId(50), role: 'sysadmin' },
  purpose: 'SERVICE_PROVISION',
  lawfulBasis: { art6: 'c' },
  noticeVersion: 'SPEC-1',
  policies: {},
  regime: 'UK-GDPR',
  correlationId: inventedId(51),
  commandId,
  command: 'AppointRole',
})
