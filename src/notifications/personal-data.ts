import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { addMs, dayMs } from '../platform/durations.js';
import { CapturedEmailsRepository } from './mailers/captured-emails.repository.js';
import { EmailDeliveriesRepository } from './mailers/email-deliveries.repository.js';
import { EmailOptOutsRepository } from './preferences/email-opt-outs.repository.js';

/** The newest; e-mails are captured in local mode only. */
const maxEmails = 1_000;

/**
 * What notifications stores about a person: which e-mails they do without, which were sent to them,
 * and captured ones.
 */
@Injectable()
export class NotificationsPersonalData {
  constructor(
    private readonly capturedEmails: CapturedEmailsRepository,
    private readonly optOuts: EmailOptOutsRepository,
    private readonly deliveries: EmailDeliveriesRepository,
  ) {}

  /**
   * What is stored about an account, by the names it has in an export. `email`: null once erased.
   */
  async exportUser(userId: string, email: string | null): Promise<Record<string, unknown>> {
    const emailOptOuts = await this.optOuts.exportUser(userId);
    const emails = email === null ? [] : await this.capturedEmails.findNewest(maxEmails, email);
    const sentEmails = await this.deliveries.exportUser(userId, maxEmails);
    return { emailOptOuts, sentEmails, emails };
  }

  /** Deletes all of it. Idempotent. */
  async eraseUser(tx: Tx, user: { id: string; email: string }): Promise<void> {
    await this.capturedEmails.deleteByUser(tx, user);
    await this.optOuts.deleteByUser(tx, user.id);
    await this.deliveries.forgetUser(tx, user.id);
  }
}

const capturedEmailDays = 30;
/**
 * No event is repeated after so long: Stripe tries a payment for weeks, and days of credit end
 * within the year or so.
 */
const deliveryDays = 400;

/** Deletes old emails and delivery records. */
@Injectable()
export class EmailRetention {
  constructor(
    private readonly capturedEmails: CapturedEmailsRepository,
    private readonly deliveries: EmailDeliveriesRepository,
    private readonly clock: Clock,
  ) {}

  /** Deletes captured emails after 30 days, and the record that an email was sent after 400. */
  async purge(): Promise<void> {
    const now = this.clock.now();
    await this.capturedEmails.deleteUntil(addMs(now, -capturedEmailDays * dayMs));
    await this.deliveries.deleteUntil(addMs(now, -deliveryDays * dayMs));
  }
}
