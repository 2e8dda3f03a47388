import { parseEmail, type EmailAddress } from '../../src/platform/email-address.js';

/** The address that `text` is. Errors: it is none. */
export function toEmailAddress(text: string): EmailAddress {
  const email = parseEmail(text);
  if (email === null) throw new Error(`${text} is not an email address`);
  return email;
}
