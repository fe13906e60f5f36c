import type { Type } from '@nestjs/common'
import type { ICommandHandler, IQueryHandler } from '@nestjs/cqrs'
import { AuditLedgerController } from './doors/audit-ledger.door.js'
import { AnswerFindingHandler, AuditFindingsController, CloseFindingHandler, RaiseFindingHandler } from './doors/audit-findings.door.js'
import { AuditSamplesController, DrawSampleHandler, FixSampleHandler, GetSheetHandler } from './doors/audit-samples.door.js'
import { AuditsController, CloseAuditHandler, GetAuditHandler, ListAuditsHandler, OpenAuditHandler } from './doors/audits.door.js'
import { AuthoriseDisclosureController, AuthoriseDisclosureHandler } from './doors/authorise-disclosure.door.js'
import { BreachesController, GetBreachHandler, ListBreachesHandler, ReportBreachHandler } from './doors/breaches.door.js'
import { CaseViewController, GetCaseHandler } from './doors/case-view.door.js'
import { RecordConsentFormController, RecordConsentFormHandler } from './doors/consent-forms.door.js'
import { DecideErasureController, DecideErasureHandler } from './doors/decide-erasure.door.js'
import { DisclosureReceiptController } from './doors/disclosure-receipt.door.js'
import { DisclosureLedgerController, ListDisclosuresHandler } from './doors/disclosure-ledger.door.js'
import { ErasureReadsController, GetErasureCertificateHandler, ListErasureRequestsHandler } from './doors/erasure-reads.door.js'
import { HealthController } from './doors/health.door.js'
import { KeyRegisterController, ListKeysHandler } from './doors/key-register.door.js'
import { MeController } from './doors/me.door.js'
import { MetricsController } from './doors/metrics.door.js'
import { ReadHistoryController, ReadHistoryHandler } from './doors/read-history.door.js'
import { ReceiveReferralController, ReceiveReferralHandler } from './doors/receive-referral.door.js'
import { RecordDetailsController, RecordDetailsHandler } from './doors/record-details.door.js'
import { RecordServiceWishController, RecordServiceWishHandler } from './doors/record-service-wish.door.js'
import { ListReferralsHandler, ReferralQueueController } from './doors/referral-queue.door.js'
import { RequestErasureController, RequestErasureHandler } from './doors/request-erasure.door.js'
import { SearchPeopleController, SearchPeopleHandler } from './doors/search-people.door.js'
import { CheckDisclosureHandler, ShareDataController, ShareDataHandler } from './doors/share-data.door.js'
import { VerifyEligibilityController, VerifyEligibilityHandler } from './doors/verify-eligibility.door.js'
import { WithdrawConsentController, WithdrawConsentHandler } from './doors/withdraw-consent.door.js'

/** Every door. A test compares these lists with the files of the folder. */
export const controllers: readonly Type[] = [
  ReceiveReferralController,
  ReferralQueueController,
  SearchPeopleController,
  RecordServiceWishController,
  VerifyEligibilityController,
  RecordDetailsController,
  RecordConsentFormController,
  WithdrawConsentController,
  ShareDataController,
  AuthoriseDisclosureController,
  RequestErasureController,
  DecideErasureController,
  ErasureReadsController,
  BreachesController,
  CaseViewController,
  DisclosureLedgerController,
  KeyRegisterController,
  ReadHistoryController,
  AuditLedgerController,
  AuditsController,
  AuditSamplesController,
  AuditFindingsController,
  DisclosureReceiptController,
  MeController,
  HealthController,
  MetricsController,
]
export const handlers: readonly Type<ICommandHandler | IQueryHandler>[] = [
  ReceiveReferralHandler,
  ListReferralsHandler,
  SearchPeopleHandler,
  RecordServiceWishHandler,
  VerifyEligibilityHandler,
  RecordDetailsHandler,
  RecordConsentFormHandler,
  WithdrawConsentHandler,
  ShareDataHandler,
  CheckDisclosureHandler,
  AuthoriseDisclosureHandler,
  RequestErasureHandler,
  DecideErasureHandler,
  GetErasureCertificateHandler,
  ListErasureRequestsHandler,
  ReportBreachHandler,
  GetBreachHandler,
  ListBreachesHandler,
  GetCaseHandler,
  ListDisclosuresHandler,
  ListKeysHandler,
  ReadHistoryHandler,
  OpenAuditHandler,
  CloseAuditHandler,
  ListAuditsHandler,
  GetAuditHandler,
  FixSampleHandler,
  DrawSampleHandler,
  GetSheetHandler,
  RaiseFindingHandler,
  AnswerFindingHandler,
  CloseFindingHandler,
]
