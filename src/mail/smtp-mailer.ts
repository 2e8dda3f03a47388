import type { OnModuleDestroy } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { secondMs } from '../platform/durations.js';
import { spanning } from '../platform/tracing/spanning.js';
import type { Letter } from './letter.js';
import { recordRefusal, refusalOf } from './mail-refusal.js';
import { Mailer } from './mailer.js';

/** Where letters go, and in whose name. */
export interface SmtpSettings {
  smtpUrl: string;
  mailFrom: string;
  baseUrl: string;
}

/** Eight other letters are sent at once (src/platform/lanes.ts): the last waits for two silences, less than its job may take. */
const connections = { urgent: 4, other: 4 };
/** A mail server that is silent for longer than this is given up, and the letter is tried again. */
const silence = { urgent: 10 * secondMs, other: 30 * secondMs };

/**
 * Sends letters over SMTP, on few connections that are kept open. Urgent ones have connections of their own, so that
 * they never wait for others that a mail server is slow to take.
 */
export class SmtpMailer extends Mailer implements OnModuleDestroy {
  private readonly urgent: Transporter;
  private readonly other: Transporter;
  private readonly idDomain: string;

  constructor(settings: SmtpSettings) {
    super();
    this.idDomain = new URL(settings.baseUrl).hostname;
    this.urgent = transport(settings, 'urgent');
    this.other = transport(settings, 'other');
  }

  send(letter: Letter): Promise<void> {
    return spanning('mail', { letter: letter.id }, () =>
      this.post(letter).catch((error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal === null) withoutWords(error);
        recordRefusal(letter, refusal);
      }),
    );
  }

  private async post({ id, to, subject, text, html, unsubscribeUrl, isUrgent }: Letter): Promise<void> {
    await (isUrgent ? this.urgent : this.other).sendMail({
      // An object: as text, a comma would make two recipients of one.
      to: { name: '', address: to },
      subject,
      text,
      html,
      messageId: `<${id.replaceAll(/[^\w.-]/g, '.')}@${this.idDomain}>`,
      // Keeps absence notices from answering.
      headers: { 'Auto-Submitted': 'auto-generated', ...stopHeaders(unsubscribeUrl) },
    });
  }

  onModuleDestroy(): void {
    this.urgent.close();
    this.other.close();
  }
}

function transport({ smtpUrl, mailFrom }: SmtpSettings, kind: 'urgent' | 'other'): Transporter {
  return createTransport(
    {
      url: smtpUrl,
      pool: true,
      maxConnections: connections[kind],
      connectionTimeout: 10 * secondMs,
      greetingTimeout: 10 * secondMs,
      socketTimeout: silence[kind],
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: mailFrom },
  );
}

/** What the server said may quote the address or the letter, and errors are logged: only its code is passed on. */
function withoutWords(error: unknown): never {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const said = [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number');
  throw new Error(`The mail server did not take the letter: ${said.join(' ') || 'no answer'}`);
}

/** What a mail reader's own button to stop letters needs (RFC 8058). */
function stopHeaders(url: string | undefined): Record<string, string> {
  if (url === undefined) return {};
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}
