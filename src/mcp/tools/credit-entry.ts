import { z } from 'zod';
import type { CreditEntryDto } from '../../credit/index.js';
import { time, untrusted } from './fields.js';

/** An entry of the credit ledger in an answer. */
export const creditEntry = z.object({
  id: z.string(),
  kind: z.string(),
  days: z.number().describe('Signed: negative where days were taken away.'),
  effectiveAt: time,
  windowFrom: time.nullable().describe('The time that its days cover now.'),
  windowUntil: time.nullable(),
  inviteId: z.string().nullable(),
  reversesEntryId: z.string().nullable(),
  untrusted: untrusted({ reason: z.string().nullable().describe('What a person said of it.') }),
});

/** An entry, with what a person wrote apart. */
export function toCreditEntry({ reason, referralId, ...entry }: CreditEntryDto) {
  return { ...entry, inviteId: referralId, untrusted: { reason } };
}
