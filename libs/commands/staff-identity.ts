import { createHmac } from 'node:crypto'

/** A token's issuer and subject, as the table of staff knows them: a keyed digest, since a subject may be an e-mail address. */
export const identityOf = (serviceKey: string, issuer: string, subject: string) =>
  createHmac('sha256', serviceKey)
    .update(JSON.stringify(['identity-v1', issuer, subject]))
    .digest()
