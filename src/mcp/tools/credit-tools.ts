import type { ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ManualCredit } from '../../admin/index.js';
import { CreditService } from '../../credit/index.js';
import { creditEntry, toCreditEntry } from './credit-entry.js';
import { id, person, time, untrustedNote, write } from './fields.js';
import { requireEntryOwner, requirePerson } from './people.js';
import { defineTool } from './tool.js';
import { writeOnce } from './write-once.js';

const written = z.object({
  personId: z.string(),
  isReplayed: z.boolean().describe('True where this key had acted before, so that nothing was written.'),
  creditUntil: time.nullable().describe('Until when their credit reaches now.'),
  entry: creditEntry,
});

const changesCredit: ToolAnnotations = { readOnlyHint: false, idempotentHint: true, openWorldHint: false };

/** Gives days. */
const grantCredit = defineTool({
  name: 'grant_credit',
  title: 'Grant credit',
  description: `Gives a person days of paid access, after the credit that they have. The person gets an email, and sees the reason. Ask the user before you call this. ${untrustedNote}`,
  permissions: ['credit:write'],
  annotations: { ...changesCredit, destructiveHint: false },
  input: z.strictObject({
    person,
    days: z.int().min(1).max(3650).describe('Whole days, 1 to 3,650.'),
    ...write,
  }),
  output: written,
  run: async (context, { person: asked, days, reason, idempotencyKey }) => {
    const { get, caller } = context;
    const { user } = await requirePerson(context, asked);
    const request = { personId: user.id, days, reason };
    const { answer, isReplayed } = await writeOnce(
      context,
      { tool: 'grant_credit', key: idempotencyKey, request },
      async (tx) => ({
        personId: user.id,
        entry: await get(ManualCredit).grant(tx, caller.actor, { userId: user.id, days, reason }),
      }),
    );
    const creditUntil = await get(CreditService).getCreditUntil(user.id);
    return { personId: user.id, isReplayed, creditUntil, entry: toCreditEntry(answer.entry) };
  },
});

/** Takes days back. */
const revokeCredit = defineTool({
  name: 'revoke_credit',
  title: 'Revoke credit',
  description: `Takes back what is left of one grant. The person sees the reason. It cannot be undone, only granted again. Ask the user before you call this. ${untrustedNote}`,
  permissions: ['credit:write'],
  annotations: { ...changesCredit, destructiveHint: true },
  input: z.strictObject({ entryId: id('The grant, from list_credit_entries.'), ...write }),
  output: written,
  run: async (context, { entryId, reason, idempotencyKey }) => {
    const { get, caller } = context;
    const { personId } = await requireEntryOwner(context, entryId);
    const { answer, isReplayed } = await writeOnce(
      context,
      { tool: 'revoke_credit', key: idempotencyKey, request: { entryId, reason } },
      async (tx) => ({
        personId,
        entry: await get(ManualCredit).revoke(tx, caller.actor, { entryId, reason }),
      }),
    );
    const creditUntil = await get(CreditService).getCreditUntil(personId);
    return { personId, isReplayed, creditUntil, entry: toCreditEntry(answer.entry) };
  },
});

/** What changes credit. */
export const creditTools = [grantCredit, revokeCredit];
