import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/index.js';
import { AuthModule } from '../auth/index.js';
import { BillingModule } from '../billing/index.js';
import { CreditModule } from '../credit/index.js';
import { ReferralModule } from '../referral/index.js';
import { PeopleAccessController } from './people-access.controller.js';
import { PeopleBatch } from './people-batch.js';
import { PeopleBatchController } from './people-batch.controller.js';
import { PeopleReader } from './people-reader.js';
import { PeopleController } from './people.controller.js';
import { PeopleService } from './people.service.js';
import { PersonCreditController, PersonReferralController } from './person-referral.controller.js';
import { PersonTokensController } from './person-tokens.controller.js';

/** What the servers of another product read and change of their people, with API keys. */
@Module({
  imports: [AccountsModule, AuthModule, BillingModule, CreditModule, ReferralModule],
  controllers: [
    PeopleBatchController,
    PeopleController,
    PeopleAccessController,
    PersonReferralController,
    PersonCreditController,
    PersonTokensController,
  ],
  providers: [PeopleBatch, PeopleReader, PeopleService],
})
export class PeopleModule {}
