import { domainToASCII, domainToUnicode } from 'node:url';

declare const isParsedEmail: unique symbol;

/**
 * An address in the one spelling that is stored and compared. Only {@link parseEmail} makes one.
 */
export type EmailAddress = string & { readonly [isParsedEmail]: true };

/** The longest address that SMTP carries (RFC 5321), and the longest part of it before the @. */
const maxEmailLength = 254;
const maxLocalPartLength = 64;
/** Longer than any address may be in any spelling: checked before anything else reads the text. */
const maxInputLength = 320;

const dotAtom = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/**
 * Letters, digits and hyphens of any script, the dots of IDNA, and the two joiners that some
 * scripts need.
 */
const hostNameLetters = /^(\p{L}|\p{M}|\p{N}|\p{Join_Control}|[-.\u3002\uff0e\uff61])+$/u;
const hostNameLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * What a person typed, as the one spelling that is stored and compared: without spaces around it,
 * in NFC and lower case, an international domain as Punycode. Null unless it is a dot-atom in
 * ASCII, an @ and a host name with at least two labels: quoted parts, comments, control characters
 * and IP addresses are none.
 */
export function parseEmail(text: string): EmailAddress | null {
  if (text.length > maxInputLength) return null;
  const typed = text.replace(/^ +/, '').replace(/ +$/, '').normalize('NFC');
  const at = typed.indexOf('@');
  const local = typed.slice(0, Math.max(at, 0)).toLowerCase();
  if (local.length > maxLocalPartLength || !dotAtom.test(local)) return null;
  const domain = parseDomain(typed.slice(at + 1));
  if (domain === null || !/\.[a-z][a-z0-9-]*$/.test(domain)) return null;
  const email = `${local}@${domain}`;
  return email.length > maxEmailLength ? null : (email as EmailAddress);
}

/**
 * The address that an account is looked for by. Accounts of before {@link parseEmail} may have one
 * that is no longer taken: staff must be able to name it.
 */
export function emailForLookup(text: string): EmailAddress {
  return parseEmail(text) ?? (text.trim().toLowerCase() as EmailAddress);
}

/**
 * A domain in any spelling as the host name that DNS knows (letters, digits, hyphens; IDNA). Null
 * when it is none. A URL parser drops tabs, decodes %xx and stops at a slash, so the letters are
 * checked before it and the labels after it.
 */
export function parseDomain(text: string): string | null {
  if (text.length > maxInputLength || !hostNameLetters.test(text)) return null;
  const domain = domainToASCII(text.normalize('NFC'));
  const labels = domain.split('.');
  if (domain.length > 253 || !labels.every((label) => hostNameLabel.test(label))) return null;
  const shown = domainToUnicode(domain);
  // symbols are not letters of a host name (IDNA 2008), and what cannot be decoded is not Punycode
  return hostNameLetters.test(shown) && !/(^|\.)xn--/.test(shown) ? domain : null;
}

/**
 * A part of an address that a person searches for, with each international label of its domain as
 * it is stored.
 */
export function emailSearchTerm(text: string): string {
  const at = text.lastIndexOf('@') + 1;
  const labels = text.slice(at).split('.');
  return text.slice(0, at) + labels.map((label) => parseDomain(label) ?? label).join('.');
}

/**
 * `anna@example.org` as others may see it: `a•••@e•••.org`. The dots do not show how much they
 * hide.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  return `${email.slice(0, 1)}•••@${domain.slice(0, 1)}•••${domain.slice(domain.lastIndexOf('.'))}`;
}

/** Providers with several names for one mailbox, and with characters that they do not check. */
const providers: { domain: string; names: readonly string[]; ignored: RegExp }[] = [
  { domain: 'gmail.com', names: ['gmail.com', 'googlemail.com'], ignored: /\./g },
  {
    domain: 'proton.me',
    names: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    ignored: /[._-]/g,
  },
];

/**
 * The mailbox behind an address, for recognising the same person under another spelling: without a
 * `+tag`, under one name of the provider, and without what the provider ignores. Never used as an
 * address. Older accounts may have a quoted local part; SMTP delivers it to the mailbox without the
 * quotes.
 */
export function canonicalMailbox(email: string): string {
  const at = email.lastIndexOf('@');
  const local = unquoteLocalPart(email.slice(0, at)).replace(/(?<=.)\+.*$/, '');
  const domain = email.slice(at + 1);
  const provider = providers.find(({ names }) => names.includes(domain));
  if (provider === undefined) return `${local}@${domain}`;
  return `${local.replace(provider.ignored, '') || local}@${provider.domain}`;
}

function unquoteLocalPart(local: string): string {
  return /^"(?<content>.*)"$/s.exec(local)?.groups?.content?.replaceAll(/\\(.)/gs, '$1') ?? local;
}
