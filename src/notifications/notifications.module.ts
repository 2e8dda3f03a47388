import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Clock } from '../platform/clock.js';
import { type Config, CONFIG } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { AccountEmails } from './emails/account-emails.js';
import { CreditEmails } from './emails/credit-emails.js';
import { ReferralEmails } from './emails/referral-emails.js';
import { CapturingMailer, CapturedEmails } from './mailers/captured-emails.js';
import { EmailRetention } from './mailers/email-retention.js';
import { CapturedEmailsController } from './mailers/captured-emails.controller.js';
import { Mailer } from './mailers/mailer.js';
import { SmtpMailer } from './mailers/smtp-mailer.js';
import { EmailDeliveries, NotificationsService } from './notifications.service.js';
import { NotificationsPersonalData } from './personal-data.js';
import { EmailPreferences, UnsubscribeLinks } from './preferences/email-preferences.js';
import { UnsubscribeController } from './preferences/unsubscribe.controller.js';
import { EmailDeliveryEntity } from './email-delivery.entity.js';
import { CapturedEmailEntity } from './mailers/captured-email.entity.js';
import { EmailOptOutEntity } from './preferences/email-opt-out.entity.js';

const entities = [EmailDeliveryEntity, CapturedEmailEntity, EmailOptOutEntity];

@Module({
  imports: [TypeOrmModule.forFeature(entities)],
  controllers: [CapturedEmailsController, UnsubscribeController],
  providers: [
    AccountEmails,
    CapturedEmails,
    CreditEmails,
    EmailDeliveries,
    EmailPreferences,
    EmailRetention,
    NotificationsPersonalData,
    NotificationsService,
    ReferralEmails,
    UnsubscribeLinks,
    {
      provide: Mailer,
      inject: [CONFIG, Database, Clock],
      useFactory: (config: Config, database: Database, clock: Clock): Mailer => {
        const { smtpUrl, mailFrom, baseUrl } = config;
        return smtpUrl === null
          ? new CapturingMailer(database, clock)
          : new SmtpMailer({ smtpUrl, mailFrom, baseUrl });
      },
    },
  ],
  exports: [
    AccountEmails,
    CapturedEmails,
    CreditEmails,
    EmailPreferences,
    EmailRetention,
    Mailer,
    NotificationsPersonalData,
    ReferralEmails,
  ],
})
export class NotificationsModule {}
