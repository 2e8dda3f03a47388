import { maskEmail } from '../../platform/email-address.js';

const maxLength = 60;
/** Keys of Stripe and of webhooks, which can get into a file by mistake. */
const secret = /\b((?:sk|rk)_(?:live|test)_|whsec_)\w+/g;
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A value of a file as a terminal or a log may show it: shortened, with control characters as
 * escapes, an address masked, and no secret key. Idempotent.
 */
export function showValue(text: string): string {
  const printable = text.replace(secret, '$1…').replace(unprintable, escape);
  const characters = [...printable];
  const short = characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : printable;
  return short.includes('@') ? maskEmail(short) : short;
}

function escape(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
