import { z } from 'zod';
import { AccessReader } from '../../accounts/index.js';
import { BillingService } from '../../billing/index.js';
import { CreditStatementService } from '../../credit/index.js';
import { maskEmail } from '../../platform/email-address.js';
import { paginate } from '../../platform/http/page.dto.js';
import { InviteExplanationService, ReferralCodes } from '../../referral/index.js';
import { creditEntry, toCreditEntry } from './credit-entry.js';
import { nextCursor, page, person, time, untrusted, untrustedNote } from './fields.js';
import { requirePerson } from './people.js';
import { defineTool, readOnly } from './tool.js';

/** Finds a person. */
const findPerson = defineTool({
  name: 'find_person',
  title: 'Find a person',
  description: `Finds one person, and answers their access, tier, credit and the invitation they came with. Use their id in other tools. ${untrustedNote}`,
  permissions: ['operator', 'people:read'],
  annotations: readOnly,
  input: z.strictObject({ person }),
  output: z.object({
    id: z.string(),
    createdAt: time,
    tier: z.enum(['free', 'paid']),
    access: z.object({
      active: z.boolean(),
      source: z.enum(['subscription', 'credit', 'none']),
      until: time.nullable(),
    }),
    creditUntil: time.nullable(),
    firstPaidAt: time.nullable(),
    invitation: z
      .object({ inviteId: z.string(), status: z.string() })
      .nullable()
      .describe('The invite that they came with; null for a direct sign-up.'),
    untrusted: untrusted({
      externalId: z.string().nullable(),
      displayName: z.string().nullable(),
      maskedEmail: z.string(),
      code: z.string().nullable().describe('Their own referral code.'),
    }),
  }),
  run: async (context, input) => {
    const { get } = context;
    const { user, externalId } = await requirePerson(context, input.person);
    const [{ firstPaidAt }, access, invitation, code] = await Promise.all([
      get(BillingService).getAccount(user.id),
      get(AccessReader).find(user.id),
      get(InviteExplanationService).explainInvitation(user.id),
      get(ReferralCodes).findCode(user.id),
    ]);
    return {
      id: user.id,
      createdAt: user.createdAt,
      tier: access.tier,
      access: { active: access.active, source: access.source, until: access.until },
      creditUntil: access.creditUntil,
      firstPaidAt,
      invitation: invitation && { inviteId: invitation.invite.id, status: invitation.invite.status },
      untrusted: { externalId, displayName: user.displayName, maskedEmail: maskEmail(user.email), code },
    };
  },
});

/** Lists the credit of a person. */
const listCreditEntries = defineTool({
  name: 'list_credit_entries',
  title: 'List credit entries',
  description: `Lists the entries of a person's credit ledger, newest first, and until when their credit reaches. ${untrustedNote}`,
  permissions: ['operator', 'people:read'],
  annotations: readOnly,
  input: z.strictObject({ person, ...page }),
  output: z.object({
    until: time.nullable(),
    daysLeft: z.int(),
    usefulDays: z.int().describe('Days of access gained over having no credit.'),
    items: z.array(creditEntry),
    nextCursor,
  }),
  run: async (context, { person: asked, limit, cursor }) => {
    const { user } = await requirePerson(context, asked);
    const { entries, ...totals } = await context.get(CreditStatementService).getForUser(user.id);
    const shown = paginate(entries, { limit, ...(cursor === undefined ? {} : { cursor }) });
    return { ...totals, items: shown.items.map(toCreditEntry), nextCursor: shown.nextCursor };
  },
});

/** What people have. */
export const personTools = [findPerson, listCreditEntries];
