import type { Projection } from '#projections/projection'
import { breakGlass } from './break-glass/projection.js'
import { breachRegister } from './breach-register/projection.js'
import { caseView } from './case-view/projection.js'
import { caseload } from './caseload/projection.js'
import { contactLog } from './contact-log/projection.js'
import { disclosureLedger } from './disclosure-ledger/projection.js'
import { duplicates } from './duplicates/projection.js'
import { erasureRequests } from './erasure-requests/projection.js'
import { grantRegister } from './grant-register/projection.js'
import { healthRecords } from './health-records/projection.js'
import { hubDeniedReads } from './hub-denied-reads/projection.js'
import { hubRegister } from './hub-register/projection.js'
import { inbox } from './inbox/projection.js'
import { keyRegister } from './key-register/projection.js'
import { misObjections } from './mis-objections/projection.js'
import { noticeCoverage } from './notice-coverage/projection.js'
import { openRecords } from './open-records/projection.js'
import { referralQueue } from './referral-queue/projection.js'
import { riskRegister } from './risk-register/projection.js'
import { staffRegister } from './staff-register/projection.js'
import { wishChecks } from './wish-checks/projection.js'

/** Every read model: what the worker runs, what a purge covers, what a rebuild compares. */
export const projections: readonly Projection[] = [
  caseView,
  disclosureLedger,
  keyRegister,
  referralQueue,
  wishChecks,
  duplicates,
  caseload,
  openRecords,
  contactLog,
  inbox,
  noticeCoverage,
  grantRegister,
  breakGlass,
  healthRecords,
  misObjections,
  riskRegister,
  hubRegister,
  hubDeniedReads,
  erasureRequests,
  breachRegister,
  staffRegister,
]
