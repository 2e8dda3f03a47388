import { Module } from '@nestjs/common';
import { CreditController } from './credit.controller.js';
import { CreditLedger } from './credit-ledger.js';
import { CreditService } from './credit.service.js';
import { CreditStatements } from './credit-statement.js';
import { LedgerAudit } from './ledger-audit.js';

@Module({
  controllers: [CreditController],
  providers: [CreditLedger, CreditService, CreditStatements, LedgerAudit],
  exports: [CreditService, CreditStatements, LedgerAudit],
})
export class CreditModule {}
