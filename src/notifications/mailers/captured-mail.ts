import { capturesEmail, type Config } from '../../platform/config/config.js';
import { isLoopbackUrl } from '../../platform/http/loopback.js';

/**
 * Where the emails are that are captured instead of sent: at /dev/mail, or nowhere that anybody can read, since that page needs a
 * loopback BASE_URL. Null where emails are sent.
 */
export type CapturedMail = 'at_dev_mail' | 'unreadable' | null;

/** See {@link CapturedMail}. */
export function capturedMailOf(config: Config): CapturedMail {
  if (!capturesEmail(config)) return null;
  return isLoopbackUrl(config.baseUrl) ? 'at_dev_mail' : 'unreadable';
}
