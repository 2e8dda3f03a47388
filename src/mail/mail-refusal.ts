import { Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { maskEmail } from '../platform/email-address.js';
import { alerts, registry } from '../platform/metrics/registry.js';
import type { Letter } from './letter.js';

/** A mail server said for good that it does not take this sender, recipient or message. */
export interface MailRefusal {
  command: 'MAIL FROM' | 'RCPT TO' | 'DATA';
  /** The reply code, 500 to 599. */
  replyCode: number;
}

const commands = ['MAIL FROM', 'RCPT TO', 'DATA'] as const;
/** These ask for a sign-in that is missing or wrong: the operator can correct that while the mail waits. */
const signInCodes: readonly number[] = [530, 534, 535, 538];

const refused = new Counter({
  name: 'twofold_mail_refused_total',
  help: 'E-mails that a mail server refused for good, by the command it refused',
  labelNames: ['command'],
  registers: [registry],
});
const log = new Logger('mail');

/** What a failure to send says for good (RFC 5321: 5yz), or null when another try may help. */
export function refusalOf(error: unknown): MailRefusal | null {
  const { command, responseCode: replyCode } = error as { command?: unknown; responseCode?: unknown };
  const known = commands.find((one) => one === command);
  if (known === undefined || typeof replyCode !== 'number') return null;
  const isPermanent = replyCode >= 500 && replyCode <= 599 && !signInCodes.includes(replyCode);
  return isPermanent ? { command: known, replyCode } : null;
}

/** Logs and counts a refusal. A refused sender concerns every e-mail, so it raises an alert. */
export function recordRefusal({ id, to }: Letter, refusal: MailRefusal): void {
  const { command, replyCode } = refusal;
  const isSender = command === 'MAIL FROM';
  refused.inc({ command });
  if (isSender) alerts.inc({ name: 'mail.sender_refused' });
  const event = isSender ? 'mail.sender_refused' : 'mail.refused';
  log.warn({ msg: event, event, alert: isSender, email: id, to: maskEmail(to), replyCode });
}
