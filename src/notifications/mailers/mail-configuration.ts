import { createTransport } from 'nodemailer';
import { problem, ok, type CheckResult } from '../../platform/check-result.js';
import { capturesEmail, type Config } from '../../platform/config/config.js';
import { secondMs } from '../../platform/durations.js';
import { isLoopbackUrl } from '../../platform/http/loopback.js';

/**
 * Where the emails are that are captured instead of sent: at /dev/mail, or nowhere that anybody can
 * read, since that page needs a loopback BASE_URL. Null where emails are sent.
 */
export type CapturedMail = 'at_dev_mail' | 'unreadable' | null;

/** See {@link CapturedMail}. */
export function capturedMailOf(config: Config): CapturedMail {
  if (!capturesEmail(config)) return null;
  return isLoopbackUrl(config.baseUrl) ? 'at_dev_mail' : 'unreadable';
}

const timeoutMs = 10 * secondMs;

/**
 * Whether emails would leave: signs in at the mail server and sends nothing. Errors: none, they are
 * findings.
 */
export async function checkMailServer(config: Config): Promise<CheckResult> {
  if (capturedMailOf(config) === 'unreadable')
    return problem(
      'mail',
      'SMTP_URL is not set, so no sign-in code can be sent; /dev/mail is closed, because BASE_URL names another machine',
      'Set SMTP_URL.',
    );
  if (config.smtpUrl === null) return ok('mail', `captured on this machine: ${config.baseUrl}/dev/mail`);
  const { hostname, port } = new URL(config.smtpUrl);
  const where = port === '' ? hostname : `${hostname}:${port}`;
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  try {
    await transport.verify();
    return ok('mail', `${where} accepts the login`);
  } catch (error) {
    // its message may repeat what was sent
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    const advice =
      code === 'EAUTH'
        ? 'Correct user and password in SMTP_URL.'
        : 'Check host, port and firewall in SMTP_URL.';
    return problem('mail', `${where} does not accept mail: ${code}`, advice);
  } finally {
    transport.close();
  }
}
