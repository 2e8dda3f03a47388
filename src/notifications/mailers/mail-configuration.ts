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
  if (capturedMailOf(config) === 'unreadable') return problem('mail', 'noMailServer');
  if (config.smtpUrl === null) return ok('mail', 'mailCaptured', { url: `${config.baseUrl}/dev/mail` });
  const { hostname, port } = new URL(config.smtpUrl);
  const where = port === '' ? hostname : `${hostname}:${port}`;
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  try {
    await transport.verify();
    return ok('mail', 'mailServerAnswers', { where });
  } catch (error) {
    // its message may repeat what was sent
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    const finding = code === 'EAUTH' ? 'mailLoginRefused' : 'mailServerRefuses';
    return problem('mail', finding, { where, code });
  } finally {
    transport.close();
  }
}
