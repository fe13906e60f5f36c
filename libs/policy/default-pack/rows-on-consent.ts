import type { MatrixRowPublished } from '../policy.js'
import { row } from './row.js'

const onConsent = { art6: ['a'], art9: '9-2-a', inform: ['INFORM_BEFORE'], approver: 'NONE' } as const
/** Enough to count somebody once, and too little to say who they are: never a name, and never an NHS number. */
const counted = ['ID.initials', 'ID.dateOfBirth', 'DEM-G.sex', 'CON.postcodeDistrict'] as const
const named = ['ID.name', 'ID.dateOfBirth'] as const
const work = ['EMP.status', 'EMP.since'] as const
const jobs = ['OUT.jobStart', 'OUT.jobEnd', 'OUT.sustained'] as const
const atWork = [...work, 'ENG.attendance', 'ENG.lastContact', ...jobs] as const

/** C31 to C36: what goes only with a form. `minimum` goes with every YES; the rest with what was ticked. */
export const consentRows: readonly MatrixRowPublished[] = [
  row({
    ...onConsent,
    recipient: 'NDTMS',
    name: 'National Drug Treatment Monitoring System',
    purposes: ['TREATMENT_MONITORING'],
    form: 'SHARING',
    minimum: counted,
    fields: [...counted, 'HLT.treatment', 'HLT.substanceUse'],
  }),
  // UNVERIFIED: data set R’s columns for IPS (since 1 April 2024) are not known here; this is what work and its support are counted by.
  row({
    ...onConsent,
    recipient: 'NDTMS-IPS',
    name: 'National Drug Treatment Monitoring System: supplementary IPS data (columns UNVERIFIED)',
    purposes: ['IPS_MONITORING'],
    form: 'NDTMS_IPS',
    minimum: counted,
    fields: [...counted, ...atWork],
  }),
  row({
    ...onConsent,
    recipient: 'CJIT',
    name: 'Criminal Justice Interventions Team data set',
    purposes: ['CJ_MONITORING'],
    sch1: 'para-29',
    form: 'SHARING',
    minimum: counted,
    fields: [...counted, 'HLT.treatment', 'CJ.intervention'],
    precondition: 'CJ_INTERVENTION',
  }),
  // No NHS number, and nothing that is told at length: no notes, history, goals or benefits. Skills are what a job is looked for by. Of
  // health only, where it was ticked, what a job has to allow for.
  row({
    ...onConsent,
    recipient: 'DWP-JCP',
    name: 'Department for Work and Pensions, Jobcentre Plus',
    purposes: ['EMPLOYMENT_SUPPORT'],
    form: 'SHARING',
    minimum: named,
    fields: [
      ...named,
      ...[...work, 'EMP.skills', 'EMP.jobTitle', 'EMP.employer'],
      ...['ENG.attendance', 'ENG.lastContact', 'ENG.nextAppointment'],
      ...[...jobs, 'OUT.jobTitle', 'OUT.employer'],
      'HLT.workAdjustments',
    ],
  }),
  // UNVERIFIED: the columns of the linkage are not known here; this is what it cannot do without.
  row({
    ...onConsent,
    recipient: 'PHE-RAW',
    name: 'Public Health England and its successors: linkage (columns UNVERIFIED)',
    purposes: ['PHE_LINKAGE'],
    form: 'PHE',
    minimum: counted,
    fields: [...counted, ...atWork, 'HLT.treatment'],
    approver: 'DPO',
  }),
]
