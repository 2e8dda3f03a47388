import { Module } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { Database } from '../platform/database/database.js';
import { CONFIG } from '../platform/tokens.js';
import { KeptMailer } from './kept-mailer.js';
import { LetterRetention } from './letter-retention.js';
import { Mailbox } from './mailbox.js';
import { MailboxController } from './mailbox.controller.js';
import { Mailer } from './mailer.js';
import { SentLetters } from './sent-letters.js';
import { SmtpMailer } from './smtp-mailer.js';

@Module({
  controllers: [MailboxController],
  providers: [
    LetterRetention,
    Mailbox,
    SentLetters,
    {
      provide: Mailer,
      inject: [CONFIG, Database, Clock],
      useFactory: (config: Config, database: Database, clock: Clock): Mailer => {
        const { smtpUrl, mailFrom, baseUrl } = config;
        return smtpUrl === null
          ? new KeptMailer(database, clock)
          : new SmtpMailer({ smtpUrl, mailFrom, baseUrl });
      },
    },
  ],
  exports: [LetterRetention, Mailer, Mailbox, SentLetters],
})
export class MailModule {}
