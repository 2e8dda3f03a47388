import { Inject, Injectable } from '@nestjs/common';
import { type Config, CONFIG } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { minuteMs } from '../platform/durations.js';
import { getTranslator, type Translate } from '../platform/i18n/translations.js';
import { renderEmail, type EmailTemplate, type EmailValues } from './emails/render-email.js';
import { EmailDeliveriesRepository } from './mailers/email-deliveries.repository.js';
import { type EmailMessage, Mailer } from './mailers/mailer.js';
import { Recipients, type Recipient } from './ports.js';
import type { OptionalEmail } from './preferences/email-opt-out.entity.js';
import { EmailPreferences, UnsubscribeLinks } from './preferences/email-preferences.js';

/** The two people of a referral. */
export type Side = 'referrer' | 'referred';

/**
 * An e-mail to send: `id` names the event it is about, `values` what it says in the reader's
 * language.
 */
export interface EmailDraft {
  id: string;
  template: EmailTemplate;
  values: (t: Translate, reader: Recipient) => EmailValues | Promise<EmailValues>;
  /** Where it goes, if not to the address they sign in with. */
  to?: string;
  /** The kind of an optional email. */
  kind?: OptionalEmail;
}

/** Longer than any wait for a mail server: an older claim belongs to a process that has ended. */
const claimTimeoutMs = 5 * minuteMs;

/**
 * Sends each email once, though its event may come several times: an invoice that is tried every
 * few days.
 */
@Injectable()
export class EmailDeliveries {
  constructor(
    private readonly mailer: Mailer,
    private readonly deliveries: EmailDeliveriesRepository,
    private readonly database: Database,
  ) {}

  /**
   * Sends an email to a user unless one of its id was sent before. Only when the process ends
   * between sending and recording does the same email go out again, under the same Message-ID.
   * Errors: as {@link Mailer.send}; also while another process is sending it, so that the job is
   * tried again.
   */
  async sendOnce(message: EmailMessage, userId: string): Promise<void> {
    const { id, template } = message;
    const isOurs = await this.database.transaction((tx) =>
      this.deliveries.claim(tx, { id, userId, template }, claimTimeoutMs),
    );
    if (!isOurs) {
      if (await this.deliveries.isSent(id)) return;
      throw new Error(`Email ${id} is being sent by another process`);
    }
    try {
      await this.mailer.send(message);
    } catch (error) {
      await this.database.transaction((tx) => this.deliveries.release(tx, id));
      throw error;
    }
    await this.database.transaction((tx) => this.deliveries.markSent(tx, id));
  }
}

/**
 * Sends emails to users, in their own language, once for each event, and not those that they turned
 * off.
 */
@Injectable()
export class NotificationsService {
  constructor(
    @Inject(EmailDeliveries) private readonly deliveries: Pick<EmailDeliveries, 'sendOnce'>,
    private readonly recipients: Recipients,
    @Inject(EmailPreferences) private readonly preferences: Pick<EmailPreferences, 'findWanted'>,
    private readonly unsubscribeLinks: UnsubscribeLinks,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Emails `userId`, unless the account is erased or they turned this kind off. Idempotent: nothing
   * is sent.
   */
  async send(userId: string, { id, to, template, values, kind }: EmailDraft): Promise<void> {
    const reader = await this.recipients.find(userId);
    if (reader === null) return;
    if (kind !== undefined && !(await this.preferences.findWanted(userId)).includes(kind)) return;
    const t = getTranslator(reader.locale);
    const messageValues = await values(t, reader);
    const unsubscribeUrl = kind === undefined ? null : this.unsubscribeLinks.createLink(userId, kind);
    const content = renderEmail(t, template, messageValues, unsubscribeUrl);
    await this.deliveries.sendOnce({ id, to: to ?? reader.email, ...content }, userId);
  }

  /** The address of a page of this site. `path` begins with a slash. */
  pageUrl(path: string): string {
    return `${this.config.baseUrl}${path}`;
  }
}

/** A day, as its reader writes it, in their time zone. */
export function formatDateFor(at: Date, reader: Pick<Recipient, 'locale' | 'timeZone'>): string {
  return formatFor(at, reader, { dateStyle: 'long' });
}

/** A day and a time with its zone, as its reader writes them, in their time zone. */
export function formatTimeFor(at: Date, reader: Pick<Recipient, 'locale' | 'timeZone'>): string {
  const time = { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const;
  return formatFor(at, reader, { day: 'numeric', month: 'long', year: 'numeric', ...time });
}

function formatFor(
  at: Date,
  { locale, timeZone }: Pick<Recipient, 'locale' | 'timeZone'>,
  options: Intl.DateTimeFormatOptions,
): string {
  const format = (zone: string) =>
    new Intl.DateTimeFormat(getTranslator(locale).locale, { ...options, timeZone: zone }).format(at);
  try {
    return format(timeZone);
  } catch {
    return format('UTC'); // stored zones may be older than this machine's tables
  }
}
