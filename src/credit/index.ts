export { CreditModule } from './credit.module.js';
export { creditMetrics } from './credit-metrics.js';
export { LedgerRepair, type LedgerRepairResult } from './ledger/ledger-repair.js';
export { CreditDelivery } from './delivery/credit-delivery.js';
export { CreditLedger, type Reward } from './ledger/credit-ledger.js';
export { ImportedCredit, type OwedCredit } from './imported-credit.js';
export { CreditService } from './credit.service.js';
export { CreditStatementService, toNewEntryDto } from './credit-statement.service.js';
export { EntryExplanationService, ReversalReasons } from './entry-explanation.service.js';
export { CreditEntryDto, CreditEntryExplanationDto, CreditStatementDto } from './credit.dto.js';
export type { CreditEntry, Side } from './ledger/credit-entry.js';
export type { CreditState } from './ledger/credit-account.repository.js';
export { LedgerVerifier } from './ledger/ledger-verifier.js';
export { CurrentAccessReader } from './delivery/current-access.js';
export {
  endOfPeriod,
  usefulDaysAfterPayment,
  type BillingPeriod,
  type CurrentAccess,
} from './delivery/useful-days.js';
export { PaidPeriodProvider } from './delivery/credit-delivery-policy.js';
export type { CreditAdded, CreditGranted, CreditRevoked, CreditTaken } from './credit.events.js';
