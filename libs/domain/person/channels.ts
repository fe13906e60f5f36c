/** C57: the ways in which the service and a person reach each other. */
export const channels = ['PHONE', 'EMAIL', 'SMS', 'LETTER', 'IN_PERSON', 'HOME_VISIT', 'VIDEO'] as const
export type Channel = (typeof channels)[number]
