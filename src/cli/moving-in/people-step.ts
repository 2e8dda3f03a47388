import { AuthService, referralParameters, saveExternalIds } from '../../auth/index.js';
import {
  linkMovedCustomers,
  lockFirstPayments,
  lockReportsOf,
  recordMovedPayments,
  retryReportsOf,
} from '../../billing/index.js';
import type { Tx } from '../../platform/database/tx.js';
import { Outbox } from '../../platform/jobs/outbox.js';
import { CodeAliases, MovedReferrals, ReferralCodes, type CodeAlias } from '../../referral/index.js';
import { identifyRows, splitByKeys, type IdentifiedRow } from './identify.js';
import type { StepResult } from './moving-report.js';
import type { MovingRow } from './moving-row.js';
import type { MovingContext } from './moving-context.js';

/** A row with its user. */
interface OwnedRow {
  row: MovingRow;
  userId: string;
  isNew: boolean;
}

/**
 * Creates the people of these rows who are not here, with what the rows say of them, and completes
 * those who are where that is asked for. Own codes are taken over for all of them. Idempotent.
 */
export async function writePeople(
  context: MovingContext,
  tx: Tx,
  { rows, result }: { rows: readonly MovingRow[]; result: StepResult },
): Promise<void> {
  for (const part of splitByKeys(rows)) {
    const owned = await findOrCreate(context, tx, await identifyRows(tx, part), result);
    await completePeople(context, tx, owned, result);
    await rememberPayments(context, tx, owned, result);
    await addOwnCodes(context, tx, owned, result);
  }
  warnOfParameters(context, rows, result);
}

/** Links with another parameter than those that are understood: each is reported once. */
function warnOfParameters(
  { warnedParameters }: MovingContext,
  rows: readonly MovingRow[],
  result: StepResult,
): void {
  const understood: readonly (string | null)[] = referralParameters;
  for (const { line, linkParameter } of rows) {
    if (linkParameter === null || understood.includes(linkParameter)) continue;
    if (warnedParameters.has(linkParameter)) continue;
    warnedParameters.add(linkParameter);
    result.addWarning({
      ...{ line, field: 'linkParameter', value: linkParameter },
      message: 'is not understood in links: send visitors of the old links on with ?ref= and the same code',
    });
  }
}

async function findOrCreate(
  { get, now }: MovingContext,
  tx: Tx,
  identified: readonly IdentifiedRow[],
  result: StepResult,
): Promise<OwnedRow[]> {
  const owned: OwnedRow[] = [];
  const missing = [];
  for (const { row, userId, conflict, hasOtherEmail } of identified) {
    const { line, email } = row;
    if (conflict !== null)
      result.addProblem('conflicts', { line, ...conflict, value: String(row[conflict.field] ?? '') });
    else if (userId !== null) owned.push({ row, userId, isNew: false });
    else if (email === null)
      result.addProblem('invalid', {
        line,
        field: 'email',
        value: '',
        message: 'is missing: the person is not here',
      });
    else missing.push({ row, user: { email, createdAt: row.createdAt ?? now } });
    if (conflict === null && hasOtherEmail)
      result.addWarning({
        line,
        field: 'email',
        value: email ?? '',
        message: 'is not the address that this person has here, which stays',
      });
  }
  const created = await get(AuthService).importUsers(
    tx,
    missing.map(({ user }) => user),
  );
  for (const [index, { row }] of missing.entries()) {
    const { userId, existedBefore } = created[index] ?? { userId: '', existedBefore: true };
    owned.push({ row, userId, isNew: !existedBefore });
  }
  result.count('created', owned.filter(({ isNew }) => isNew).length);
  result.count('existed', owned.filter(({ isNew }) => !isNew).length);
  return owned;
}

/** External ids and customers: of those who were there before only with `upsert`. */
async function completePeople(
  { get, upsert, now, dryRun }: MovingContext,
  tx: Tx,
  owned: readonly OwnedRow[],
  result: StepResult,
): Promise<void> {
  const changed = owned.filter(({ isNew }) => isNew || upsert);
  const people = changed.flatMap(({ userId, row: { externalId } }) =>
    externalId === null ? [] : { userId, externalId },
  );
  const externalIds = people.map(({ externalId }) => externalId);
  if (!dryRun) lockReportsOf(tx, externalIds);
  const saved = await saveExternalIds(tx, people);
  await retryReportsOf(tx, get(Outbox), externalIds);
  result.count('completed', changed.filter(({ isNew, userId }) => !isNew && saved.has(userId)).length);
  const linked = await linkMovedCustomers(tx, get(Outbox), {
    customers: changed.flatMap(({ userId, row: { customer } }) =>
      customer === null ? [] : { userId, customerId: customer },
    ),
    at: now,
    locks: !dryRun,
  });
  result.count('customers', linked.size);
}

/**
 * People who paid elsewhere are renewals here. Of those who were here before only with `upsert`,
 * and none whose referral waits for that payment: its reward is promised.
 */
async function rememberPayments(
  { get, upsert, dryRun }: MovingContext,
  tx: Tx,
  owned: readonly OwnedRow[],
  result: StepResult,
): Promise<void> {
  const payments = owned.flatMap(({ isNew, userId, row: { firstPaidAt } }) =>
    firstPaidAt !== null && (isNew || upsert) ? { isNew, userId, firstPaidAt } : [],
  );
  const before = payments.filter(({ isNew }) => !isNew).map(({ userId }) => userId);
  const paid = await lockFirstPayments(tx, before, { locks: !dryRun });
  const waiting = await get(MovedReferrals).findWaiting(tx, before);
  const completed = before.filter((userId) => !paid.has(userId) && !waiting.has(userId));
  result.count('paidElsewhere', completed.length);
  await recordMovedPayments(
    tx,
    payments.filter(({ isNew, userId }) => isNew || completed.includes(userId)),
  );
}

async function addOwnCodes(
  context: MovingContext,
  tx: Tx,
  owned: readonly OwnedRow[],
  result: StepResult,
): Promise<void> {
  const wanted = owned.flatMap(({ userId, row: { ownCode, line } }) =>
    ownCode === null ? [] : { alias: ownCode, userId, line },
  );
  const outcomes = await assignAliases(context, tx, wanted, result);
  for (const { alias, line } of wanted)
    if (outcomes.get(alias) === 'taken')
      result.addProblem('conflicts', { line, field: 'ownCode', value: alias, message: takenMessage });
}

/** Why a code cannot be taken over, in words that follow the name of its column. */
export const takenMessage = 'belongs to another person, or did before they were erased';

/** Gives people their old codes, and a code made here that these stand for. */
export async function assignAliases(
  { get, dryRun }: MovingContext,
  tx: Tx,
  wanted: readonly CodeAlias[],
  result: StepResult,
) {
  if (wanted.length === 0) return new Map<string, string>();
  const outcomes = await get(CodeAliases).assign(tx, wanted, { locks: !dryRun });
  const added = wanted.filter(({ alias }) => outcomes.get(alias) === 'added');
  await get(ReferralCodes).assignAllMissing(
    tx,
    added.map(({ userId }) => userId),
  );
  result.count('aliases', added.length);
  return outcomes;
}
