import { specFor } from '#decider/spec'
import { examples } from '../examples.js'
import { subjectRef } from '../invented.js'
import { person } from '../person.js'
import type { ConsentPolicy } from './form-rules.js'
import { type RecordConsentForm, recordConsentForm } from './record-consent-form.js'

/** What the specs of consents have in common: somebody who was referred, and a form that they filled in. */
export const { given } = specFor(person)
const { ReferralReceived: received, ConsentGranted: granted } = examples
const { recipient, purpose, categories, formId, formVersion, method, completedAt, evidence, validUntil } = granted.data
export const row = { recipient, purpose, categories, decision: 'YES' as const, validUntil }
export const form: RecordConsentForm = {
  subjectRef,
  formId,
  form: 'SHARING',
  formVersion,
  noticeVersion: 'NOTICE-1',
  method,
  completedAt,
  evidence,
  witnessed: true,
  rows: [row],
}
const inUse = { effectiveFrom: '2020-01-01T00:00:00.000Z' }
const allowed = {
  disputed: false,
  purposes: ['EMPLOYMENT_SUPPORT'],
  form: 'SHARING',
  categories: ['ID', 'EMP', 'HLT'],
  precondition: 'NONE',
} as const
export const policy: ConsentPolicy = {
  formVersions: new Map([
    ['SCF-1', { form: 'SHARING', ...inUse }],
    ['PHE-1', { form: 'PHE', ...inUse }],
    ['IPS-1', { form: 'NDTMS_IPS', ...inUse }],
  ]),
  noticeVersions: new Map([['NOTICE-1', inUse]]),
  rows: new Map([
    ['DWP-JCP', allowed],
    ['NDTMS', allowed],
    ['CJIT', { ...allowed, precondition: 'CJ_INTERVENTION' }],
    ['PHE-RAW', { ...allowed, form: 'PHE' }],
    ['NDTMS-IPS', { ...allowed, form: 'NDTMS_IPS' }],
    ['POL-CRIME', { ...allowed, form: 'NONE' }],
    ['RSC', { ...allowed, form: 'NONE', disputed: true }],
  ]),
  purposes: new Set(['EMPLOYMENT_SUPPORT', 'JOINT_CARE']),
}
export const now = '2026-11-02T10:00:00.000Z'
export const when = (change: Partial<RecordConsentForm>, changed: Partial<ConsentPolicy> = {}) =>
  given(received).when(recordConsentForm.decide({ ...form, ...change }, { ...policy, ...changed, now }))
/** The form with one thing changed in its only row. */
export const whenRow = (change: Partial<RecordConsentForm['rows'][number]>, changed: Partial<RecordConsentForm> = {}) =>
  when({ ...changed, rows: [{ ...row, ...change }] })
