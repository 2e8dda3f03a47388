import {
  actionText,
  AdminReferralsRepository,
  PeopleNames,
  ReferralDecisions,
  ReferralDetailsService,
  type DecidedReferral,
  type ReferralDetailsDto,
  type ReferralDto,
} from '../../admin/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/errors.js';
import { toPageDto } from '../../platform/lists/keyset-list.js';
import { parseListRequest } from '../../platform/lists/list-request.js';
import { formatMoney } from '../../platform/money.js';
import { formatSignedDays } from '../../platform/ui/format.js';
import { InviteExplanationService, LateClaims } from '../../referral/index.js';
import { findUserByEmail, operator } from '../application.js';
import type { CommandReport, GetService } from '../command-context.js';
import { runOrTry } from '../dry-run.js';
import { inviteLines } from '../explain.js';
import {
  english,
  findingLines,
  findReferralId,
  personText,
  referralLine,
  scheduledText,
  sidesText,
} from './referral-lines.js';

/** Which referrals to list, as the console's list can be asked. */
export interface ReferralListOptions {
  status?: string;
  waiting?: true;
  paid?: true;
  from?: string;
  until?: string;
  sort: string;
  limit: number;
  after?: string;
}

/** A page of referrals. Errors: `request.invalid` for a cursor that is none. */
export async function listReferrals(
  get: GetService,
  { limit, waiting, paid, sort, ...asked }: ReferralListOptions,
): Promise<CommandReport> {
  const list = get(AdminReferralsRepository);
  const fields = {
    ...asked,
    ...(waiting === true && { review: 'waiting' }),
    ...(paid === true && { paid: 'yes' }),
    sort,
  };
  const request = parseListRequest(list.definition, fields, { timeZone: 'UTC' });
  const page = toPageDto(await list.list(request, limit));
  const { items, nextCursor } = page;
  return {
    json: page,
    lines: [
      ...(items.length === 0 ? ['No such referral.'] : items.map(referralLine)),
      ...(nextCursor === null ? [] : [`There are more: --after ${nextCursor}`]),
    ],
  };
}

/** All that staff see of a referral. Errors: CommandError; `request.not_found`. */
export async function showReferral(get: GetService, name: string): Promise<CommandReport> {
  const details = await get(ReferralDetailsService).get(await findReferralId(get, name));
  return {
    json: details,
    lines: [
      ...statusLines(details.referral),
      paymentLine(details),
      ...creditLines(details),
      ...(await auditLines(get, details)),
    ],
  };
}

function statusLines(referral: ReferralDto): string[] {
  const { id, code, origin, linkedAt, status, why, next, days, termsVersion, capped, review } = referral;
  const decided = review.decision === null ? '' : `, ${review.decision} by staff`;
  const scheduled = review.scheduled === null ? '' : `, ${scheduledText(review.scheduled)}`;
  return [
    `${sidesText(referral)}  ${id}`,
    `Joined:   ${linkedAt.toISOString()} with the code ${code} (${origin})`,
    `Status:   ${status}${why === null ? '' : `: ${why}`}`,
    ...(next === null ? [] : [`Next:     ${next}`]),
    `Promised: ${days.referrer} days to ${personText(referral.referrer)}${capped ? ' (none: the cap is reached)' : ''}, ${days.referred} to ${personText(referral.referred)} (terms ${termsVersion})`,
    `Review:   the rules say ${english(`fraud.outcome.${review.outcome}`)}${decided}${scheduled}`,
  ];
}

function paymentLine({ payment }: ReferralDetailsDto): string {
  if (payment === null) return 'Payment:  none yet';
  const { id, amountPaid, currency, paidAt, reversals } = payment;
  const reversed = reversals.map(({ kind, status }) => `, ${kind} ${status}`).join('');
  return `Payment:  ${formatMoney({ amount: amountPaid, currency })} on ${paidAt.toISOString()} (${id})${reversed}`;
}

function creditLines({ referral, entries }: ReferralDetailsDto): string[] {
  const sides = [
    { email: personText(referral.referrer), list: entries.referrer },
    { email: personText(referral.referred), list: entries.referred },
  ];
  const lines = sides.flatMap(({ email, list }) =>
    list.map(
      ({ effectiveAt, days, kind, id }) =>
        `  ${effectiveAt.toISOString()}  ${formatSignedDays(english, days).padStart(9)}  ${kind.padEnd(17)}  ${email}  ${id}`,
    ),
  );
  return lines.length === 0 ? ['Credit:   none'] : ['Credit:', ...lines];
}

async function auditLines(get: GetService, { audit }: ReferralDetailsDto): Promise<string[]> {
  const names = await get(PeopleNames).findByIds(audit.map(({ actorId }) => actorId));
  return [
    'Audit log, newest first:',
    ...audit.map(({ at, action, actorKind, actorId, note }) => {
      const name = actorId === null ? null : (names.get(actorId)?.email ?? actorId);
      const by = name === null ? english(`console.audit.actor.${actorKind}`) : name;
      return `  ${at.toISOString()}  ${actionText(english, action)}, by ${by}${note === null ? '' : `: “${note}”`}`;
    }),
  ];
}

/** Explains a referral with what only staff may know. Errors: CommandError; `request.not_found`. */
export async function explainReferral(get: GetService, name: string): Promise<CommandReport> {
  const id = await findReferralId(get, name);
  const explanation = await get(InviteExplanationService).explainReferral(id);
  const { referral } = await get(ReferralDetailsService).get(id);
  return {
    json: explanation,
    lines: [
      sidesText(referral),
      ...inviteLines(explanation),
      ...findingLines(explanation.findings, referral.referred.email),
    ],
  };
}

/** Who is said to have been invited with which code. */
export interface LinkRequest {
  email: string;
  code: string;
  reason: string;
  dryRun?: true;
}

/**
 * Records who invited a user. Errors: CommandError for an unknown address; those of
 * {@link LateClaims.claim}.
 */
export async function linkReferral(
  get: GetService,
  { email, code, reason, ...options }: LinkRequest,
): Promise<CommandReport> {
  const dryRun = options.dryRun === true;
  const { id: userId } = await findUserByEmail(get, email);
  const referral = await runOrTry(get(Database), dryRun, async (tx) => {
    const noteId = await get(AuditLog).addNote(tx, reason, userId);
    const { id } = await get(LateClaims).claim(tx, userId, { code, by: { actor: operator, noteId } });
    const linked = await get(AdminReferralsRepository).find(tx, id);
    if (linked === null) throw new DomainError('request.not_found');
    return linked;
  });
  return {
    json: { dryRun, referral },
    lines: [
      `${sidesText(referral)}: ${dryRun ? 'would be linked' : 'linked'}.`,
      referralLine(referral),
      ...dryRunLines(dryRun),
    ],
  };
}

/** A reversal by staff, or its end. */
export interface ReferralChange {
  action: 'reverse' | 'restore';
  reason: string;
  dryRun?: true;
}

/**
 * Reverses a referral, or lifts that. Idempotent. Errors: CommandError; `request.not_found`;
 * `referral.not_converted`.
 */
export async function changeReferral(
  get: GetService,
  name: string,
  { action, reason, ...options }: ReferralChange,
): Promise<CommandReport> {
  const dryRun = options.dryRun === true;
  const referralId = await findReferralId(get, name);
  const decided = await runOrTry(get(Database), dryRun, (tx) =>
    get(ReferralDecisions).decide(tx, operator, { referralId, action, reason }),
  );
  return {
    json: { dryRun, changed: decided.isChanged, referral: decided.referral },
    lines: [changeText(decided, action, dryRun), referralLine(decided.referral), ...dryRunLines(dryRun)],
  };
}

function changeText(
  { referral, isChanged }: DecidedReferral,
  action: ReferralChange['action'],
  dryRun: boolean,
): string {
  const done = { reverse: 'reversed', restore: 'restored' }[action];
  const sides = sidesText(referral);
  if (!isChanged) return `${sides}: nothing to ${action}, it stays as it is.`;
  return dryRun ? `${sides}: would be ${done}.` : `${sides}: ${done}.`;
}

function dryRunLines(dryRun: boolean): string[] {
  return dryRun ? ['Nothing was written: this was a dry run.'] : [];
}
