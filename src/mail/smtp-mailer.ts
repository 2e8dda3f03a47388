import type { OnModuleDestroy } from '@nestjs/common';
import { createTransport } from 'nodemailer';
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

/** Sends letters over SMTP, on few connections that are kept open. */
export class SmtpMailer extends Mailer implements OnModuleDestroy {
  private readonly transport;
  private readonly idDomain: string;

  constructor({ smtpUrl, mailFrom, baseUrl }: SmtpSettings) {
    super();
    this.idDomain = new URL(baseUrl).hostname;
    this.transport = createTransport(
      {
        url: smtpUrl,
        pool: true,
        maxConnections: 3,
        connectionTimeout: 10 * secondMs,
        greetingTimeout: 10 * secondMs,
        socketTimeout: 30 * secondMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      },
      { from: mailFrom },
    );
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

  private async post({ id, to, subject, text, html, unsubscribeUrl }: Letter): Promise<void> {
    await this.transport.sendMail({
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
    this.transport.close();
  }
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
