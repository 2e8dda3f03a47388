import { domainToASCII } from 'node:url';
import { isEmail } from 'class-validator';

/** The longest address that SMTP carries (RFC 5321). */
export const emailMaxLength = 254;

/**
 * What somebody typed, as the one spelling we keep: trimmed, lower-cased, an international domain as Punycode.
 * Null when it is no address (also with control characters, or letters outside ASCII before the @).
 */
export function parseEmail(text: string): string | null {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const domain = domainToASCII(trimmed.slice(at + 1));
  const email = `${trimmed.slice(0, at + 1)}${domain}`.toLowerCase();
  if (at < 1 || domain === '' || email.length > emailMaxLength) return null;
  return isEmail(email, { allow_utf8_local_part: false }) ? email : null;
}

/** `anna@example.org` as others may see it: `a•••@e•••.org`. The dots do not tell how much they hide. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  return `${email.slice(0, 1)}•••@${domain.slice(0, 1)}•••${domain.slice(domain.lastIndexOf('.'))}`;
}

/** Providers with several names for one mailbox, and with characters that they do not look at. */
const providers: { domain: string; names: readonly string[]; ignored: RegExp }[] = [
  { domain: 'gmail.com', names: ['gmail.com', 'googlemail.com'], ignored: /\./g },
  {
    domain: 'proton.me',
    names: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    ignored: /[._-]/g,
  },
];

/**
 * The mailbox behind an address, for recognising somebody who comes again under another spelling: without a
 * `+tag`, under one name of the provider, and without what the provider ignores. Never used as an address.
 */
export function mailboxOf(email: string): string {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at).replace(/(?<=.)\+.*$/, '');
  const domain = email.slice(at + 1);
  const provider = providers.find(({ names }) => names.includes(domain));
  if (provider === undefined) return `${local}@${domain}`;
  return `${local.replace(provider.ignored, '') || local}@${provider.domain}`;
}
