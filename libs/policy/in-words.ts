import type { Category } from '#event-kit/scope'
import type { FieldSchema, MatrixRowPublished as Row } from './policy.js'

type Words<Code extends string> = { readonly [C in Code]: string }

/** The closed codes of the policies, in words: a code that is added does not compile without. */
export const codesInWords = {
  CATEGORY: {
    ID: 'Identity: name, date of birth, NHS number',
    CON: 'Contact',
    EMP: 'Employment, skills and benefits',
    ENG: 'Attendance and engagement',
    OUT: 'Job outcomes',
    HLT: 'Health, use of substances included',
    'DEM-G': 'Sex and gender',
    'DEM-SL': 'Sex life and relationships',
    'DEM-SO': 'Sexual orientation',
    'DEM-RE': 'Race and ethnicity',
    'DEM-RB': 'Religion and belief',
    CRM: 'Offences, allegations and orders',
    CJ: 'Criminal justice interventions',
    RSK: 'Risk assessment',
    SG: 'Safeguarding',
  } satisfies Words<Category>,
  ARTICLE_6: {
    a: 'Consent',
    c: 'A legal obligation',
    d: 'Vital interests',
    ea: 'A recognised legitimate interest',
    f: 'Legitimate interests',
  } satisfies Words<Row['art6'][number]>,
  PRECONDITION: {
    NONE: 'None',
    STARS: 'The person receives a service of STARS',
    CJ_INTERVENTION: 'The person receives a criminal justice intervention',
    CJ_ORDER: 'The person is under an order that requires the service to report',
    CUSTODY: 'The person was lately released, or is going into custody',
    PANEL: 'The person is on the panel’s list',
    RISK: 'A risk or vulnerability is on record',
    COURT_ORDER: 'A court orders it, and the order has a reference',
    VICTIM_REQUEST: 'The police ask in writing, with reason, period and form',
  } satisfies Words<Row['precondition']>,
  APPROVER: {
    NONE: 'Nobody has to approve',
    TEAM_LEADER: 'A team leader, the DPO or the Caldicott Guardian approves',
    CALDICOTT: 'The Caldicott Guardian or the DPO approves',
    DPO: 'The DPO or the Caldicott Guardian approves',
  } satisfies Words<Row['approver']>,
  FIELDS_NAMED_BY: {
    MATRIX: 'All the fields of the row may go',
    REQUIREMENT: 'Of the fields of the row those go that the order or the provision names',
  } satisfies Words<Row['fieldsNamedBy']>,
  INFORM: {
    INFORM_BEFORE: 'The person is told before it is shared',
    INFORM_AFTER: 'The person is told after it is shared',
    WITHHOLD: 'The person is not told, under an exemption',
  } satisfies Words<Row['inform'][number]>,
  CONSENT_FORM: {
    NONE: 'No consent is asked for',
    SHARING: 'The Sharing Consent Form',
    PHE: 'The consent form of Public Health England and its successors',
    NDTMS_IPS: 'The supplementary IPS consent form of NDTMS',
  } satisfies Words<Row['form']>,
  FIELD_KIND: {
    TEXT: 'Text',
    CODE: 'One of the values that the field names',
    DATE: 'A date, YYYY-MM-DD',
    NHS_NUMBER: 'An NHS number',
    YES_NO: 'true or false',
  } satisfies Words<FieldSchema['kind']>,
} as const

const spelledOut: Readonly<Record<string, string>> = {
  CJ: 'criminal justice',
  PHE: 'Public Health England',
  IPS: 'individual placement and support',
}
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
/** A code from a register, as it reads. */
export const readable = (code: string) =>
  capital(
    code
      .split('_')
      .map(word => spelledOut[word] ?? word.toLowerCase())
      .join(' '),
  )
/** `CON.emergencyContact`, as it reads. */
export function fieldInWords(field: string): string {
  const [category = '', name = ''] = field.split('.')
  const [of = ''] = ((codesInWords.CATEGORY as Readonly<Record<string, string>>)[category] ?? category).split(/[:,]/)
  return `${of}: ${name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`).replace(/\bnhs\b/, 'NHS')}`
}
