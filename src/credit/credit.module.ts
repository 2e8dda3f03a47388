import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CreditController } from './credit.controller.js';
import { CreditDelivery } from './delivery/credit-delivery.js';
import { CreditLedger } from './ledger/credit-ledger.js';
import { LedgerRepair } from './ledger/ledger-repair.js';
import { ImportedCredit } from './imported-credit.js';
import { ImportedGrantEntity } from './imported-grant.entity.js';
import { CreditService } from './credit.service.js';
import { EntryExplanationService } from './entry-explanation.service.js';
import { CreditStatementService } from './credit-statement.service.js';
import { CurrentAccessReader } from './delivery/current-access.js';
import { CreditDeliveryPolicy } from './delivery/credit-delivery-policy.js';
import { LedgerVerifier } from './ledger/ledger-verifier.js';
import { CreditAccountRepository } from './ledger/credit-account.repository.js';
import { CreditEntryRepository } from './ledger/credit-entry.repository.js';
import { CreditAccountEntity } from './ledger/credit-account.entity.js';
import { CreditEntryEntity } from './ledger/credit-entry.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([CreditAccountEntity, CreditEntryEntity, ImportedGrantEntity])],
  controllers: [CreditController],
  providers: [
    CreditDelivery,
    CreditLedger,
    LedgerRepair,
    CreditService,
    ImportedCredit,
    CreditStatementService,
    EntryExplanationService,
    CreditDeliveryPolicy,
    CurrentAccessReader,
    LedgerVerifier,
    CreditAccountRepository,
    CreditEntryRepository,
  ],
  exports: [
    ImportedCredit,
    CreditDelivery,
    CreditLedger,
    LedgerRepair,
    CreditService,
    CreditStatementService,
    CurrentAccessReader,
    EntryExplanationService,
    LedgerVerifier,
  ],
})
export class CreditModule {}
