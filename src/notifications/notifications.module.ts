import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Config, CONFIG } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { AccountEmails } from './emails/account-emails.js';
import { CreditEmails } from './emails/credit-emails.js';
import { EmailExamples } from './emails/email-examples.js';
import { ReferralEmails } from './emails/referral-emails.js';
import { WebhookEmails } from './emails/webhook-emails.js';
import { CapturedEmailEntity } from './mailers/captured-email.entity.js';
import { CapturedEmailsController } from './mailers/captured-emails.controller.js';
import { CapturedEmailsRepository } from './mailers/captured-emails.repository.js';
import { EmailDeliveriesRepository } from './mailers/email-deliveries.repository.js';
import { EmailDeliveryEntity } from './mailers/email-delivery.entity.js';
import { CapturingMailer, Mailer } from './mailers/mailer.js';
import { SelectiveMailer } from './mailers/selective-mailer.js';
import { SmtpMailer } from './mailers/smtp-mailer.js';
import { EmailDeliveries, NotificationsService } from './notifications.service.js';
import { EmailRetention, NotificationsPersonalData } from './personal-data.js';
import { EmailOptOutEntity } from './preferences/email-opt-out.entity.js';
import { EmailOptOutsRepository } from './preferences/email-opt-outs.repository.js';
import { EmailPreferences, UnsubscribeLinks } from './preferences/email-preferences.js';
import { UnsubscribeController } from './preferences/unsubscribe.controller.js';

const entities = [EmailDeliveryEntity, CapturedEmailEntity, EmailOptOutEntity];

@Module({
  imports: [TypeOrmModule.forFeature(entities)],
  controllers: [CapturedEmailsController, UnsubscribeController],
  providers: [
    AccountEmails,
    CapturedEmailsRepository,
    CreditEmails,
    EmailDeliveries,
    EmailDeliveriesRepository,
    EmailExamples,
    EmailOptOutsRepository,
    EmailPreferences,
    EmailRetention,
    NotificationsPersonalData,
    NotificationsService,
    ReferralEmails,
    UnsubscribeLinks,
    WebhookEmails,
    {
      provide: Mailer,
      inject: [CONFIG, Database, CapturedEmailsRepository],
      useFactory: (config: Config, database: Database, capturedEmails: CapturedEmailsRepository): Mailer => {
        const { smtpUrl, mailFrom, baseUrl, supportEmail: replyTo, emails } = config;
        const mailer =
          smtpUrl === null
            ? new CapturingMailer(database, capturedEmails)
            : new SmtpMailer({ smtpUrl, mailFrom, baseUrl, replyTo });
        return emails === 'on' ? mailer : new SelectiveMailer(mailer, emails);
      },
    },
  ],
  exports: [
    AccountEmails,
    CapturedEmailsRepository,
    CreditEmails,
    EmailPreferences,
    EmailRetention,
    Mailer,
    NotificationsPersonalData,
    ReferralEmails,
    WebhookEmails,
  ],
})
export class NotificationsModule {}
