export { CreditModule } from './credit.module.js';
export { CreditDelivery } from './credit-delivery.js';
export { CreditService, type Reward } from './credit.service.js';
export { CreditStatements, viewOf, type EntryView, type Statement } from './credit-statement.js';
export { EntryExplanations, type EntryExplanation } from './entry-explanations.js';
export type { LedgerLine } from './ledger-line.js';
export { LedgerAudit } from './ledger-audit.js';
export { PaidThrough } from './paid-through.js';
export type { CreditAdded, CreditGranted, CreditTaken } from './credit.events.js';
