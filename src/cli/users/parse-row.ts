import { parseEmail, type EmailAddress } from '../../platform/email-address.js';
import { normaliseCode } from '../../referral/index.js';
import type { UserColumn } from './columns.js';
import { parseMoment } from './parse-moment.js';

/** A row that makes sense by itself. What is null was empty, or is told as a problem. */
export interface ImportRow {
  line: number;
  email: EmailAddress | null;
  referralCode: string | null;
  referredByCode: string | null;
  stripeCustomerId: string | null;
  createdAt: Date | null;
  firstPaidAt: Date | null;
}

/** What is wrong with one cell, or with a whole row (`field` is then `row`), in words that follow its name. */
export interface RowProblem {
  line: number;
  field: string;
  message: string;
}

/** Reads the cells of one row; `now` is the latest moment that can have been. */
export function parseRow(
  line: number,
  cells: Partial<Record<UserColumn, string>>,
  now: Date,
): { row: ImportRow; problems: RowProblem[] } {
  const problems: RowProblem[] = [];
  const read = <T>(field: UserColumn, parse: (text: string) => T | null, message: string): T | null => {
    const text = cells[field] ?? '';
    const value = text === '' ? null : parse(text);
    if (text !== '' && value === null) problems.push({ line, field, message });
    return value;
  };
  const moment = (text: string) => parseMoment(text, now);
  const momentMessage = 'is no moment in the past, such as 2026-01-31 or 2026-01-31T12:00:00Z';
  const row: ImportRow = {
    line,
    email: read('email', parseEmail, 'is no e-mail address'),
    referralCode: read('referral_code', parseCode, 'is no code of 8 unambiguous letters and digits'),
    referredByCode: read('referred_by_code', parseCode, 'is no code of 8 unambiguous letters and digits'),
    stripeCustomerId: read('stripe_customer_id', parseCustomer, 'is no Stripe customer id (cus_…)'),
    createdAt: read('created_at', moment, momentMessage),
    firstPaidAt: read('first_paid_at', moment, momentMessage),
  };
  if ((cells.email ?? '') === '') problems.push({ line, field: 'email', message: 'is missing' });
  if (row.referredByCode !== null && row.referredByCode === row.referralCode)
    problems.push({ line, field: 'referred_by_code', message: 'is the user’s own code' });
  return { row, problems };
}

/** Spaces, dashes and lower case are a way of writing; anything else outside the alphabet would be another code. */
function parseCode(text: string): string | null {
  const code = text.replace(/[\s-]/g, '').toUpperCase();
  return normaliseCode(code) === code ? code : null;
}

function parseCustomer(text: string): string | null {
  return /^cus_[A-Za-z0-9]{1,200}$/.test(text) ? text : null;
}
