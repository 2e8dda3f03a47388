import type { OnModuleDestroy } from '@nestjs/common';
import type { EmailTemplate } from '../emails/render-email.js';
import { Mailer, type EmailMessage } from './mailer.js';

/** What concerns signing in, and the installation itself. */
const securityEmails: readonly EmailTemplate[] = [
  'signInCode',
  'newDevice',
  'emailChanged',
  'staffInvitation',
  'testEmail',
  'secondFactorAdded',
  'secondFactorRemoved',
  'secondFactorGuessed',
  'accountsMerged',
  'webhookEndpointDisabled',
];

/** Sends only the emails that `EMAILS` leaves to Twofold; the other product sends the rest. */
export class SelectiveMailer extends Mailer implements OnModuleDestroy {
  constructor(
    private readonly mailer: Mailer & Partial<OnModuleDestroy>,
    private readonly sent: 'security' | 'off',
  ) {
    super();
  }

  async send(message: EmailMessage): Promise<void> {
    const isSent = this.sent === 'security' && securityEmails.some((name) => name === message.template);
    if (isSent) await this.mailer.send(message);
  }

  async onModuleDestroy(): Promise<void> {
    await this.mailer.onModuleDestroy?.();
  }
}
