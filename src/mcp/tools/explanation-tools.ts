import { z } from 'zod';
import { EntryExplanationService } from '../../credit/index.js';
import { DomainError } from '../../platform/errors.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import {
  InviteExplanationService,
  type FraudFindingDto,
  type InviteExplanationDto,
} from '../../referral/index.js';
import { isOperator } from '../caller.js';
import { creditEntry, toCreditEntry } from './credit-entry.js';
import { id, nextCursor, page, person, time, untrusted, untrustedNote } from './fields.js';
import { maySee, requireEntryOwner, requirePerson } from './people.js';
import { defineTool, readOnly, type ToolContext } from './tool.js';

const result = z
  .enum(['met', 'missing', 'waiting', 'undone'])
  .describe('undone: it prevents the reward or took it back.');

/** Explains one invite. */
const explainInvite = defineTool({
  name: 'explain_invite',
  title: 'Explain an invite',
  description: `Explains why an invite (a referral) earned credit, waits, or earned none: every rule with its outcome, what is missing, by when, and what happens next. ${untrustedNote}`,
  permissions: ['operator', 'people:read'],
  annotations: readOnly,
  input: z.strictObject({ inviteId: id('From find_person, why_not or list_credit_entries.') }),
  output: z.object({
    inviteId: z.string(),
    status: z.string(),
    rewardState: z.string().nullable(),
    invitedAt: time,
    convertedAt: time.nullable(),
    creditedAt: time.nullable(),
    daysEarned: z.number(),
    reasons: z.array(z.string()).describe('What speaks against the reward.'),
    holds: z.array(z.string()).describe('What the reward waits for.'),
    why: z.string().nullable(),
    termsVersion: z.int(),
    rules: z.array(
      z.object({
        rule: z.string(),
        title: z.string(),
        result,
        explanation: z.string(),
        at: time.nullable(),
        by: time.nullable(),
        inputs: z.record(z.string(), z.unknown()).describe('What it was checked against.'),
      }),
    ),
    missing: z.array(z.string()),
    by: time.nullable(),
    next: z.string(),
    findings: z
      .array(
        z.object({
          rule: z.string(),
          version: z.int(),
          mode: z.enum(['live', 'shadow']),
          weight: z.int(),
          evidence: z.unknown(),
          at: time,
        }),
      )
      .nullable()
      .describe('What fraud rules found; null for API keys.'),
    untrusted: untrusted({
      label: z.string().describe('The invited person: their name, or masked address.'),
    }),
  }),
  run: async (context, { inviteId }) => {
    const { invite, rules, findings, ...explanation } = await findExplanation(context, inviteId);
    const { id: _, label, ...status } = invite;
    return {
      inviteId,
      ...status,
      ...explanation,
      rules: rules.map((rule) => ({ ...rule, inputs: trustedInputs(rule.inputs) })),
      findings,
      untrusted: { label },
    };
  },
});

/**
 * The explanation as staff see it; for a key as the referrer sees it, or the referred person where
 * only they are of its product. Errors: `request.not_found`.
 */
async function findExplanation(
  context: ToolContext,
  inviteId: string,
): Promise<InviteExplanationDto & { findings: FraudFindingDto[] | null }> {
  const service = context.get(InviteExplanationService);
  if (isOperator(context.caller)) return service.explainReferral(inviteId);
  const sides = await service.findSides(inviteId);
  if (sides === null) throw noSuchInvite();
  const { referrerId, referredId } = sides;
  if (referrerId !== null && (await maySee(context, referrerId)))
    return { ...(await service.explainInvite(referrerId, inviteId)), findings: null };
  const own = (await maySee(context, referredId)) ? await service.explainInvitation(referredId) : null;
  if (own?.invite.id !== inviteId) throw noSuchInvite();
  return { ...own, findings: null };
}

function noSuchInvite(): DomainError {
  return new DomainError('request.not_found', { detail: 'There is no such invite that you may see.' });
}

/** Without the code, which its owner may have chosen, and without the findings, which are apart. */
function trustedInputs({ code: _, findings: __, ...inputs }: Record<string, unknown>) {
  return inputs;
}

/** Explains one entry of the ledger. */
const explainCreditEntry = defineTool({
  name: 'explain_credit_entry',
  title: 'Explain a credit entry',
  description: `Explains one entry of a credit ledger: where it came from, what happened to it, and what is left of it. ${untrustedNote}`,
  permissions: ['operator', 'people:read'],
  annotations: readOnly,
  input: z.strictObject({ entryId: id('From list_credit_entries.') }),
  output: z.object({
    personId: z.string(),
    entry: creditEntry,
    steps: z.array(
      z.object({
        entryId: z.string(),
        kind: z.string(),
        at: time,
        days: z.number(),
        explanation: z.string(),
      }),
    ),
    daysAhead: z.number(),
    why: z.string().nullable().describe('Why it is not all of the reward.'),
    covers: z.string(),
    next: z.string(),
  }),
  run: async (context, { entryId }) => {
    const { accountId, personId } = await requireEntryOwner(context, entryId);
    const { entry, ...explanation } = await context
      .get(EntryExplanationService)
      .explain(accountId, entryId, { t: getTranslator('en') });
    return { personId, entry: toCreditEntry(entry), ...explanation };
  },
});

const outcome = z.object({
  inviteId: z.string(),
  status: z.string(),
  unmet: z
    .array(z.object({ rule: z.string(), result, explanation: z.string(), by: time.nullable() }))
    .describe('Empty where the reward was granted.'),
  next: z.string(),
});

/** Lists what stands between a person and their rewards. */
const whyNot = defineTool({
  name: 'why_not',
  title: 'Why not?',
  description:
    'Answers why a person got no credit: the rules that are not met, for the invitation that they came with and for each invite that they made, newest first. Nothing in it is text that users wrote.',
  permissions: ['operator', 'people:read'],
  annotations: readOnly,
  input: z.strictObject({ person, ...page }),
  output: z.object({
    personId: z.string(),
    invitation: outcome.nullable().describe('Null for a direct sign-up.'),
    invites: z.array(outcome),
    nextCursor,
  }),
  run: async (context, { person: asked, limit, cursor }) => {
    const { user } = await requirePerson(context, asked);
    const service = context.get(InviteExplanationService);
    const [invitation, invites] = await Promise.all([
      service.explainInvitation(user.id),
      service.listForReferrer(user.id, { limit, ...(cursor === undefined ? {} : { cursor }) }),
    ]);
    return {
      personId: user.id,
      invitation: invitation && toOutcome(invitation),
      invites: invites.items.map(toOutcome),
      nextCursor: invites.nextCursor,
    };
  },
});

function toOutcome({ invite, rules, next }: InviteExplanationDto) {
  return {
    inviteId: invite.id,
    status: invite.status,
    unmet: rules.filter((rule) => rule.result !== 'met'),
    next,
  };
}

/** Why something came, waits, or does not come. */
export const explanationTools = [explainInvite, explainCreditEntry, whyNot];
