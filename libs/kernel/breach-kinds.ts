/** What happened to personal data: it was seen, changed, or is not to be had. */
export const breachKinds = ['CONFIDENTIALITY', 'INTEGRITY', 'AVAILABILITY'] as const
export type BreachKind = (typeof breachKinds)[number]
