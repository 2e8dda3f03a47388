import { AuthService, matchPeople, publicName } from '../../auth/index.js';
import { lockFirstPayments } from '../../billing/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { canonicalMailbox } from '../../platform/email-address.js';
import { Secrets } from '../../platform/security/secrets.js';
import {
  CodeAliases,
  MovedReferrals,
  ReferralCodes,
  type MovedReferral,
  type MovedReferralOutcome,
} from '../../referral/index.js';
import { partnerKeys } from './alias-step.js';
import { identifyRows } from './identify.js';
import type { Outcome, StepResult } from './moving-report.js';
import type { MovingRow } from './moving-row.js';
import type { MovingContext } from './moving-context.js';
import type { MovingField } from './tool-format.js';

/** A row whose person and referrer are known. */
interface ReferredRow {
  row: MovingRow;
  field: MovingField;
  userId: string;
  referrerId: string;
}

/**
 * Writes who referred whom. It runs behind all rows of the people: a referrer may stand anywhere in
 * the file. Idempotent: a referral that is there is never changed.
 */
export async function writeReferrals(
  context: MovingContext,
  tx: Tx,
  { rows, result }: { rows: readonly MovingRow[]; result: StepResult },
): Promise<void> {
  const referredRows = rows.filter(isReferred);
  if (referredRows.length === 0) return;
  const referred = await findReferredRows(context, tx, referredRows, result);
  if (referred.length === 0) return;
  const userIds = [...new Set(referred.map(({ userId }) => userId))];
  const paid = await lockFirstPayments(tx, userIds, { locks: !context.dryRun });
  const moved: MovedReferral[] = [];
  for (const one of referred) moved.push(await toMovedReferral(context, one, paid.has(one.userId)));
  const outcomes = await context.get(MovedReferrals).link(tx, moved);
  for (const [index, { row, field }] of referred.entries())
    reportOutcome(outcomes[index] ?? 'already_linked', row, field, result);
}

function isReferred({ referrerCode, referrerEmail, referrerExternalId }: MovingRow): boolean {
  return referrerCode !== null || referrerEmail !== null || referrerExternalId !== null;
}

/** Rows whose person is in conflict were reported with the people. */
async function findReferredRows(
  context: MovingContext,
  tx: Tx,
  rows: readonly MovingRow[],
  result: StepResult,
): Promise<ReferredRow[]> {
  const identified = await identifyRows(tx, rows);
  const partners = await matchPeople(tx, rows.map(partnerKeys));
  const owners = await findOwnersOfCodes(context, tx, rows);
  return identified.flatMap(({ row, userId, conflict }, index): ReferredRow[] => {
    if (userId === null || conflict !== null) return [];
    const named = partners[index]?.byExternalId ?? partners[index]?.byEmail ?? null;
    const byCode = row.referrerCode === null ? null : (owners.get(row.referrerCode) ?? null);
    const field = fieldOfReferrer(row);
    const finding = { line: row.line, field, value: row[field]?.toString() ?? '' };
    const referrerId = named ?? byCode;
    if (referrerId === null) {
      result.addProblem('codeUnknown', {
        ...finding,
        message: 'belongs to no person, here or in this file: import who refers first, with --partners',
      });
      return [];
    }
    if (named !== null && byCode !== null && named !== byCode) {
      result.addProblem('conflicts', {
        ...finding,
        message: 'belongs to another person than the one who is named beside it',
      });
      return [];
    }
    if (referrerId !== userId) return [{ row, field, userId, referrerId }];
    result.count('ownCode');
    result.addWarning({ ...finding, message: 'is the person’s own, so no referral is made' });
    return [];
  });
}

function fieldOfReferrer({ referrerCode, referrerExternalId }: MovingRow): MovingField {
  if (referrerCode !== null) return 'referrerCode';
  return referrerExternalId !== null ? 'referrerExternalId' : 'referrerEmail';
}

async function findOwnersOfCodes(
  { get }: MovingContext,
  tx: Tx,
  rows: readonly MovingRow[],
): Promise<Map<string, string>> {
  const codes = [...new Set(rows.flatMap(({ referrerCode }) => referrerCode ?? []))];
  const owners = await get(CodeAliases).findOwners(tx, codes);
  for (const code of codes) {
    if (owners.has(code)) continue;
    const owner = await get(ReferralCodes).findByText(tx, code);
    if (owner !== null) owners.set(code, owner.userId);
  }
  return owners;
}

async function toMovedReferral(
  { get, now }: MovingContext,
  { row, userId, referrerId }: ReferredRow,
  hasPaid: boolean,
): Promise<MovedReferral> {
  const email = row.email ?? (await get(AuthService).findById(userId))?.email ?? null;
  return {
    referredId: userId,
    referrerId,
    label: email === null ? '•••' : publicName({ displayName: null, email }),
    emailHashes: email === null ? [] : get(Secrets).hashes('email', canonicalMailbox(email)),
    linkedAt: row.createdAt ?? row.firstPaidAt ?? now,
    firstPaidAt: row.firstPaidAt,
    hasPaid,
  };
}

const countedOutcomes: Record<MovedReferralOutcome, Outcome> = {
  linked: 'linked',
  rewarded_elsewhere: 'rewardedElsewhere',
  already_linked: 'alreadyLinked',
  paid_before: 'paidBefore',
  still_waiting: 'conflicts',
  other_referrer: 'conflicts',
  circle: 'conflicts',
};

const problemMessages: Partial<Record<MovedReferralOutcome, string>> = {
  still_waiting: 'referred a person whose first payment is still awaited here; that stays so',
  other_referrer: 'is not who referred this person here; that stays so',
  circle: 'was referred by this person, directly or through others, so no referral is made',
};

function reportOutcome(
  outcome: MovedReferralOutcome,
  row: MovingRow,
  field: MovingField,
  result: StepResult,
): void {
  const finding = { line: row.line, field, value: row[field]?.toString() ?? '' };
  const message = problemMessages[outcome];
  if (message !== undefined) return result.addProblem(countedOutcomes[outcome], { ...finding, message });
  result.count(countedOutcomes[outcome]);
  if (outcome === 'paid_before')
    result.addWarning({
      ...finding,
      message: 'referred a person who paid or was invited before, so no referral is made',
    });
}
