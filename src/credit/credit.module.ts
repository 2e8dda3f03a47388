import { Module } from '@nestjs/common';
import { CreditController } from './credit.controller.js';
import { CreditDelivery } from './credit-delivery.js';
import { CreditLedger } from './credit-ledger.js';
import { CreditRebuild } from './credit-rebuild.js';
import { CreditService } from './credit.service.js';
import { EntryExplanations } from './entry-explanations.js';
import { CreditStatements } from './credit-statement.js';
import { DeliveryMode } from './delivery-mode.js';
import { LedgerAudit } from './ledger-audit.js';
import { LedgerFacts } from './ledger-facts.js';

@Module({
  controllers: [CreditController],
  providers: [
    CreditDelivery,
    CreditLedger,
    CreditRebuild,
    CreditService,
    CreditStatements,
    EntryExplanations,
    DeliveryMode,
    LedgerAudit,
    LedgerFacts,
  ],
  exports: [CreditDelivery, CreditRebuild, CreditService, CreditStatements, EntryExplanations, LedgerAudit],
})
export class CreditModule {}
