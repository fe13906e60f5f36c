import { type Category, categoryOf } from '#event-kit/scope'
import type { FieldSchema } from '../policy.js'

const text = (maxLength: number, ...fields: readonly string[]): readonly FieldSchema[] =>
  fields.map(field => ({ field, kind: 'TEXT', maxLength }))
const dates = (...fields: readonly string[]): readonly FieldSchema[] => fields.map(field => ({ field, kind: 'DATE' }))
const codes = (field: string, ...values: readonly string[]): FieldSchema => ({ field, kind: 'CODE', values })

/** What may be recorded under which category, and in what form. */
export const fieldSchemas: readonly FieldSchema[] = [
  ...text(200, 'ID.name', 'ID.preferredName'),
  ...dates('ID.dateOfBirth'),
  // For who counts and need not know whom: recorded as such, because a name does not say which of its letters are meant.
  ...text(10, 'ID.initials'),
  codes('DEM-G.sex', 'FEMALE', 'MALE', 'NOT_KNOWN', 'NOT_STATED'),
  ...text(100, 'DEM-G.gender'),
  // Who would rather not say is on record as that, and not by a code of these.
  codes('DEM-RE.ethnicity', 'WHITE', 'MIXED', 'ASIAN', 'BLACK', 'OTHER'),
  codes('DEM-RB.religion', 'NONE', 'BUDDHIST', 'CHRISTIAN', 'HINDU', 'JEWISH', 'MUSLIM', 'SIKH', 'OTHER'),
  codes('DEM-SO.orientation', 'HETEROSEXUAL', 'GAY_OR_LESBIAN', 'BISEXUAL', 'OTHER'),
  ...text(4, 'CON.postcodeDistrict'),
  { field: 'ID.nhsNumber', kind: 'NHS_NUMBER', maxLength: 20 },
  ...text(50, 'CON.phone'),
  ...text(320, 'CON.email'),
  ...text(500, 'CON.address', 'CON.emergencyContact'),
  codes('EMP.status', 'UNEMPLOYED', 'EMPLOYED', 'SELF_EMPLOYED', 'TRAINING', 'VOLUNTEERING', 'INACTIVE'),
  ...text(1_000, 'EMP.skills', 'EMP.history', 'EMP.benefits', 'EMP.goals'),
  ...text(200, 'EMP.jobTitle', 'EMP.employer'),
  ...dates('EMP.since'),
  codes('ENG.attendance', 'ATTENDED', 'MISSED', 'CANCELLED', 'RESCHEDULED'),
  ...dates('ENG.lastContact', 'ENG.nextAppointment'),
  ...text(1_000, 'ENG.notes'),
  ...dates('OUT.jobStart', 'OUT.jobEnd'),
  ...text(200, 'OUT.jobTitle', 'OUT.employer'),
  { field: 'OUT.sustained', kind: 'YES_NO' },
  ...text(4_000, 'HLT.summary', 'HLT.substanceUse', 'HLT.mentalHealth', 'HLT.medication', 'HLT.treatment'),
  ...text(4_000, 'HLT.counsellingNotes'),
  // What a job has to allow for, without saying why.
  codes('HLT.workAdjustments', 'NONE', 'HOURS', 'PLACE', 'TASKS', 'APPOINTMENTS', 'SEVERAL'),
  ...text(4_000, 'RSK.summary', 'RSK.level', 'RSK.homeVisit'),
  ...text(4_000, 'SG.summary'),
  ...text(4_000, 'CRM.offences'),
  ...text(1_000, 'CJ.intervention'),
]

/** The fields of some categories. */
export const fieldsOf = (...wanted: readonly Category[]) =>
  fieldSchemas.map(({ field }) => field).filter(field => wanted.includes(categoryOf(field)))
