import { type OnModuleDestroy, Logger } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { secondMs } from '../../platform/durations.js';
import { withSpan } from '../../platform/observability/tracing.js';
import { type EmailMessage, Mailer } from './mailer.js';
import { Counter } from 'prom-client';
import { maskEmail } from '../../platform/email-address.js';
import { alertCounter, registry } from '../../platform/observability/metrics/process-metrics.js';

/** Where emails go, and in whose name. */
export interface SmtpSettings {
  smtpUrl: string;
  mailFrom: string;
  baseUrl: string;
  /** Where answers go; without it, to the sender. */
  replyTo?: string | null;
}

type Urgency = 'urgent' | 'other';

/**
 * Eight other emails are sent at once (src/platform/jobs/lanes.ts) over four connections: the last
 * waits for two timeouts at most, less than its job may take.
 */
const maxConnections = { urgent: 4, other: 4 };
/** A mail server that is silent for longer than this is given up, and the email is tried again. */
const responseTimeoutMs = { urgent: 10 * secondMs, other: 30 * secondMs };

/**
 * Sends emails over SMTP, on few connections that are kept open. Urgent ones have connections of
 * their own, so that they never wait for others that a mail server is slow to take.
 */
export class SmtpMailer extends Mailer implements OnModuleDestroy {
  private readonly transports = new Map<Urgency, Promise<Transporter>>();
  private readonly idDomain: string;

  constructor(private readonly settings: SmtpSettings) {
    super();
    this.idDomain = new URL(settings.baseUrl).hostname;
  }

  send(message: EmailMessage): Promise<void> {
    return withSpan('mail', { email: message.id }, () =>
      this.deliver(message).catch((error: unknown) => {
        const rejection = permanentRejection(error);
        if (rejection === null) redactSmtpError(error);
        recordRejection(message, rejection);
      }),
    );
  }

  private async deliver({
    id,
    to,
    subject,
    text,
    html,
    unsubscribeUrl,
    isUrgent,
  }: EmailMessage): Promise<void> {
    const transport = await this.transportFor(isUrgent ? 'urgent' : 'other');
    await transport.sendMail({
      // An object: as text, a comma would make two recipients of one.
      to: { name: '', address: to },
      subject,
      text,
      html,
      messageId: `<${id.replaceAll(/[^\w.-]/g, '.')}@${this.idDomain}>`,
      // Keeps absence notices from answering.
      headers: { 'Auto-Submitted': 'auto-generated', ...unsubscribeHeaders(unsubscribeUrl) },
    });
  }

  private transportFor(urgency: Urgency): Promise<Transporter> {
    const known = this.transports.get(urgency) ?? createPooledTransport(this.settings, urgency);
    this.transports.set(urgency, known);
    return known;
  }

  async onModuleDestroy(): Promise<void> {
    for (const transport of this.transports.values()) (await transport).close();
  }
}

/** The library takes five megabytes: it is loaded for the first email, which a worker sends. */
async function createPooledTransport(
  { smtpUrl, mailFrom, replyTo }: SmtpSettings,
  urgency: Urgency,
): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport(
    {
      url: smtpUrl,
      pool: true,
      maxConnections: maxConnections[urgency],
      connectionTimeout: 10 * secondMs,
      greetingTimeout: 10 * secondMs,
      socketTimeout: responseTimeoutMs[urgency],
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: mailFrom, ...(replyTo ? { replyTo } : {}) },
  );
}

/**
 * What the server said may quote the address or the email, and errors are logged: only its code is
 * passed on.
 */
function redactSmtpError(error: unknown): never {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const codes = [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number');
  throw new Error(`The mail server did not accept the email: ${codes.join(' ') || 'no answer'}`);
}

/** What a mail reader's own button to stop emails needs (RFC 8058). */
function unsubscribeHeaders(url: string | undefined): Record<string, string> {
  if (url === undefined) return {};
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** A mail server said for good that it does not take this sender, recipient or message. */
export interface SmtpRejection {
  command: 'MAIL FROM' | 'RCPT TO' | 'DATA';
  /** The reply code, 500 to 599. */
  replyCode: number;
}

const commands = ['MAIL FROM', 'RCPT TO', 'DATA'] as const;
/**
 * These ask for a sign-in that is missing or wrong: the operator can correct that while the mail
 * waits.
 */
const authenticationCodes: readonly number[] = [530, 534, 535, 538];

const rejectedEmails = new Counter({
  name: 'twofold_emails_rejected_total',
  help: 'Emails that a mail server rejected permanently, by SMTP command',
  labelNames: ['command'],
  registers: [registry],
});
const log = new Logger('mail');

/** What a failure to send says for good (RFC 5321: 5yz), or null when another try may help. */
export function permanentRejection(error: unknown): SmtpRejection | null {
  const { command, responseCode: replyCode } = error as { command?: unknown; responseCode?: unknown };
  const known = commands.find((one) => one === command);
  if (known === undefined || typeof replyCode !== 'number') return null;
  const isPermanent = replyCode >= 500 && replyCode <= 599 && !authenticationCodes.includes(replyCode);
  return isPermanent ? { command: known, replyCode } : null;
}

/** Logs and counts a refusal. A refused sender concerns every e-mail, so it raises an alert. */
export function recordRejection({ id, to }: EmailMessage, rejection: SmtpRejection): void {
  const { command, replyCode } = rejection;
  const isSender = command === 'MAIL FROM';
  rejectedEmails.inc({ command });
  if (isSender) alertCounter.inc({ name: 'email.sender_rejected' });
  const event = isSender ? 'email.sender_rejected' : 'email.rejected';
  log.warn({ msg: event, event, alert: isSender, email: id, to: maskEmail(to), replyCode });
}
