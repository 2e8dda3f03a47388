export { CreditModule } from './credit.module.js';
export { creditMetrics } from './credit-metrics.js';
export { LedgerRepair, type LedgerRepairResult } from './ledger/ledger-repair.js';
export { CreditDelivery } from './delivery/credit-delivery.js';
export { CreditLedger, type Reward } from './ledger/credit-ledger.js';
export { CreditService } from './credit.service.js';
export {
  CreditStatementService,
  toNewEntryDto,
  type CreditEntryDto,
  type CreditStatementDto,
} from './credit-statement.service.js';
export { EntryExplanationService, type CreditEntryExplanationDto } from './entry-explanation.service.js';
export type { CreditEntry, Side } from './ledger/credit-entry.js';
export { LedgerVerifier } from './ledger/ledger-verifier.js';
export { PaidPeriodProvider } from './delivery/credit-delivery-policy.js';
export type { CreditAdded, CreditGranted, CreditTaken } from './credit.events.js';
