const from = '2018-05-25T00:00:00.000Z'

/** C23: on which exemption somebody may not be told of a sharing. */
export const exemptions = [
  { exemption: 'SCH2-2', provision: 'Data Protection Act 2018 Sch 2 para 2: crime and taxation, where telling would prejudice it', from },
  { exemption: 'SCH2-5-2', provision: 'Data Protection Act 2018 Sch 2 para 5(2): the law or a court requires the disclosure', from },
  { exemption: 'SCH2-5-3', provision: 'Data Protection Act 2018 Sch 2 para 5(3): legal proceedings, advice or rights', from },
  { exemption: 'SCH2-16', provision: 'Data Protection Act 2018 Sch 2 para 16: the rights of others', from },
  { exemption: 'SCH3-5', provision: 'Data Protection Act 2018 Sch 3 para 5: serious harm, in the opinion of a health professional', from },
  { exemption: 'SCH3-21', provision: 'Data Protection Act 2018 Sch 3 para 21: child abuse data', from },
] as const
