import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../platform/config/config.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { addMs, minuteMs } from '../platform/durations.js';
import { getTranslator, type MessageValues, type Translate } from '../platform/i18n/translations.js';
import { Recipients, type Recipient } from './emails/recipients.js';
import { renderEmail, type EmailTemplate } from './emails/render-email.js';
import { type EmailMessage, Mailer } from './mailers/mailer.js';
import type { OptionalEmail } from './preferences/email-opt-out.entity.js';
import { EmailPreferences, UnsubscribeLinks } from './preferences/email-preferences.js';

/** The two people of a referral. */
export type Side = 'referrer' | 'referred';

/** An e-mail to send: `id` names the fact it is about, `values` what it says in the reader's language. */
export interface EmailDraft {
  id: string;
  template: EmailTemplate;
  values: (t: Translate, reader: Recipient) => MessageValues | Promise<MessageValues>;
  /** Where it goes, if not to the address they sign in with. */
  to?: string;
  /** What kind of email it is, where people may do without. */
  kind?: OptionalEmail;
}

/** Longer than any wait for a mail server: a claim that is older belongs to a process that has ended. */
const claimTimeoutMs = 5 * minuteMs;

/** Sends each email once, though its event may come several times: an invoice that is tried every few days. */
@Injectable()
export class EmailDeliveries {
  constructor(
    private readonly mailer: Mailer,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends an email unless one of its id was sent before. Only when the process ends between sending and recording does the
   * same email go out again, under the same Message-ID.
   * Errors: as {@link Mailer.send}; also while another process is sending it, so that the job is tried again.
   */
  async sendOnce(message: EmailMessage): Promise<void> {
    const claim = await this.claim(message.id);
    if (claim === 'sent') return;
    if (claim === 'held') throw new Error(`Email ${message.id} is being sent by another process`);
    try {
      await this.mailer.send(message);
    } catch (error) {
      await this.execute(`DELETE FROM notifications.email_delivery WHERE id = $1`, [message.id]);
      throw error;
    }
    await this.execute(`UPDATE notifications.email_delivery SET sent_at = $2 WHERE id = $1`, [
      message.id,
      this.clock.now(),
    ]);
  }

  private async claim(id: string): Promise<'ours' | 'held' | 'sent'> {
    const now = this.clock.now();
    const claimed = await this.execute(
      `INSERT INTO notifications.email_delivery AS l (id, claimed_at) VALUES ($1, $2)
       ON CONFLICT (id) DO UPDATE SET claimed_at = $2 WHERE l.sent_at IS NULL AND l.claimed_at <= $3 RETURNING id`,
      [id, now, addMs(now, -claimTimeoutMs)],
    );
    if (claimed.length > 0) return 'ours';
    const sent = await this.database.query(
      `SELECT 1 FROM notifications.email_delivery WHERE id = $1 AND sent_at IS NOT NULL`,
      [id],
    );
    return sent.length > 0 ? 'sent' : 'held';
  }

  private execute(sql: string, parameters: unknown[]): Promise<unknown[]> {
    return this.database.transaction((tx) => tx.query(sql, parameters));
  }
}

/** Writes to people, each in their own language, once for each fact, and not what they do not want. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly deliveries: EmailDeliveries,
    private readonly recipients: Recipients,
    private readonly preferences: EmailPreferences,
    private readonly unsubscribeLinks: UnsubscribeLinks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Writes to `userId`, unless they are gone or do not want it. Idempotent: nothing is sent. */
  async send(userId: string, { id, to, template, values, kind }: EmailDraft): Promise<void> {
    const reader = await this.recipients.find(userId);
    if (reader === null) return;
    if (kind !== undefined && !(await this.preferences.findWanted(userId)).includes(kind)) return;
    const t = getTranslator(reader.locale);
    const messageValues = await values(t, reader);
    const unsubscribeUrl = kind === undefined ? null : this.unsubscribeLinks.createLink(userId, kind);
    await this.deliveries.sendOnce({
      id,
      to: to ?? reader.email,
      ...renderEmail(t, template, messageValues, unsubscribeUrl),
    });
  }

  /** The address of a section of the settings. */
  settingsUrl(section: string): string {
    return `${this.config.baseUrl}/settings#${section}`;
  }
}

/** A day, as its reader writes it, in their time zone. */
export function formatDateFor(
  at: Date,
  { locale, timeZone }: Pick<Recipient, 'locale' | 'timeZone'>,
): string {
  const format = (zone: string) =>
    new Intl.DateTimeFormat(getTranslator(locale).locale, { dateStyle: 'long', timeZone: zone }).format(at);
  try {
    return format(timeZone);
  } catch {
    return format('UTC'); // stored zones may be older than this machine's tables
  }
}
