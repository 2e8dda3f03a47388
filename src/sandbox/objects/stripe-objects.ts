import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A fresh id such as `cus_4fG…`: the prefix names the resource, as with Stripe. *shape* prefix,
 * underscore, letters and digits.
 */
export function newId(prefix: string, length = 24): string {
  let tail = '';
  for (const byte of randomBytes(length)) tail += ALPHABET[byte % ALPHABET.length];
  return `${prefix}_${tail}`;
}

/**
 * Wraps complete data in Stripe's list envelope, as the lists inside objects come. *shape* `url` is
 * the API path that would list them.
 */
export function embeddedList<T>(data: T[], url: string): Stripe.ApiList<T> & { total_count: number } {
  return { object: 'list', data, has_more: false, total_count: data.length, url };
}

/**
 * The id behind a field that Stripe would expand on request. The sandbox stores ids only.
 * *errors* throws when the field is empty: the caller names a field that is always filled.
 */
export function idOf(reference: string | { id?: string } | null | undefined): string {
  const id = typeof reference === 'string' ? reference : reference?.id;
  if (id === undefined) throw new Error('a reference that is always filled is empty');
  return id;
}

/** As `idOf`, for a field that may be empty. */
export function idOrNull(reference: string | { id?: string } | null | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
