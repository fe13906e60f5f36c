import type { Scope } from '#event-kit/scope'

/** What each scope holds, for people. */
const words: { readonly [S in Scope]: string } = {
  REF: 'the referral',
  ID: 'identity',
  CON: 'contact',
  EMP: 'work',
  HLT: 'health',
  DEM: 'demographics',
  CRM: 'offences',
  RISK: 'risk and safeguarding',
  NARR: 'notes and reasons',
  '3P': 'other people',
  CORR: 'letters',
  EVID: 'evidence that the law was kept',
}
export const scopesInWords = (scopes: readonly Scope[]) => scopes.map(scope => `${scope} (${words[scope]})`).join(', ')
