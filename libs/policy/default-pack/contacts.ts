/** C75: of nobody. Names and addresses are invented, and the mail domain is one that cannot exist. */
export const contacts = {
  controller: 'A service to try out (DEMO)',
  address: ['1 Nowhere Street', 'Demoton'],
  dpo: { email: 'data-protection@service.invalid', phone: '0191 000 0000' },
  caldicott: { email: 'caldicott@service.invalid' },
  premises: [{ site: 'MAIN', address: ['1 Nowhere Street', 'Demoton'] }],
} as const
