import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AccountMergeService,
  MergeList,
  type MergePlan,
  AccountErasure,
  StaffExport,
} from '../../accounts/index.js';
import { toMergePreviewDto } from '../../admin/index.js';
import { AuthService, SecondFactorEnrolment, StaffInvitations, StaffSignOut } from '../../auth/index.js';
import { Database } from '../../platform/database/database.js';
import { fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';
import { CommandError } from '../command-context.js';
import { findUserByEmail, operator } from '../application.js';
import type { CommandReport, GetService } from '../command-context.js';
import { MergedAccounts } from '../../platform/merged-accounts.js';

/** A merge as it was asked for, by addresses. */
export interface MergeRequest {
  from: string;
  into: string;
  reason: string;
  dryRun?: true;
}

/**
 * Merges one account into another, or with `dryRun` shows what that would do.
 * Errors: CommandError for an unknown address; `accounts.merge_conflict`; `billing.busy`.
 */
export async function mergeAccounts(
  get: GetService,
  { from, into, reason, dryRun }: MergeRequest,
): Promise<CommandReport> {
  const accounts = {
    fromUserId: (await findUserByEmail(get, from)).id,
    intoUserId: (await findUserByEmail(get, into)).id,
  };
  const plan = await get(AccountMergeService).preview(accounts);
  if (dryRun === true)
    return {
      json: toMergePreviewDto(plan),
      lines: [...planLines(plan), 'Nothing was written.'],
      problem: plan.conflicts.length > 0,
    };
  const merge = await get(Database).transaction(async (tx) =>
    get(MergeList).toDto(tx, await get(AccountMergeService).merge(tx, accounts, { reason, actor: operator })),
  );
  return {
    json: merge,
    lines: [
      ...planLines(plan),
      `Merged as ${merge.id}. To undo it: twofold users unmerge ${merge.id} --reason …`,
    ],
  };
}

/**
 * Undoes a merge. Idempotent: nothing happens. Errors: `request.not_found`;
 * `accounts.not_undoable`.
 */
export async function unmergeAccounts(
  get: GetService,
  mergeId: string,
  reason: string,
): Promise<CommandReport> {
  const merge = await get(Database).transaction(async (tx) =>
    get(MergeList).toDto(tx, await get(AccountMergeService).undo(tx, mergeId, { reason, actor: operator })),
  );
  return {
    json: merge,
    lines: [`${merge.from.email ?? merge.from.userId} is a separate account again.`],
  };
}

function planLines({ conflicts, effects }: MergePlan): string[] {
  const t = getTranslator(fallbackLocale);
  return conflicts.length > 0
    ? conflicts.map(({ code, values }) => `Not possible: ${t(`merge.conflict.${code}`, values)}`)
    : effects.map(({ code, values }) => `· ${t(`merge.effect.${code}`, values)}`);
}

/**
 * Writes all that is stored about a person, as JSON, to a file or to standard output. Errors:
 * CommandError for an unknown address.
 */
export async function exportUserData(
  get: GetService,
  email: string,
  { output }: { output?: string },
): Promise<CommandReport | null> {
  const { id } = await findUserByEmail(get, email);
  const json = Readable.from(await get(StaffExport).streamJson(id, operator));
  if (output === undefined) {
    for await (const piece of json) process.stdout.write(String(piece));
    return null;
  }
  await pipeline(json, createWriteStream(output, { mode: 0o600 }));
  return { json: { userId: id, output }, lines: [`Exported all data of ${email} to ${output}.`] };
}

/**
 * Erases a person for good, with all accounts that were merged into theirs; without `yes` only
 * shows what that means.
 * Errors: CommandError for an unknown address; `auth.still_charged`.
 */
export async function eraseUser(
  get: GetService,
  email: string,
  { yes }: { yes?: true },
): Promise<CommandReport> {
  const user = await findUserByEmail(get, email);
  if (yes !== true) {
    const accounts = await get(MergedAccounts).allOf(get(Database), user.id);
    return {
      json: { userId: user.id, erased: false, accounts },
      lines: [
        `${user.email} would be erased permanently, with ${accounts.length - 1} accounts that were merged into it.`,
        'Payment records and the credit of others stay. Nothing was written. Add --yes to erase.',
      ],
    };
  }
  await get(AccountErasure).eraseByStaff(user.id, { email: user.email, by: operator });
  return { json: { userId: user.id, erased: true }, lines: [`Erased account ${user.id}.`] };
}

/** Ends every session of an account. Errors: CommandError for an unknown address. */
export async function signOutEverywhere(get: GetService, email: string): Promise<CommandReport> {
  const user = await findUserByEmail(get, email);
  await get(Database).transaction((tx) => get(StaffSignOut).revokeAll(tx, user.id, operator));
  return { json: { userId: user.id, signedOut: true }, lines: [`Signed out ${user.email} everywhere.`] };
}

/**
 * Removes all second factors of an account that lost them, and ends its sessions. Idempotent.
 * Errors: CommandError for an unknown address.
 */
export async function resetSecondFactor(get: GetService, email: string): Promise<CommandReport> {
  const user = await findUserByEmail(get, email);
  const changed = await get(Database).transaction((tx) =>
    get(SecondFactorEnrolment).reset(tx, user.id, operator),
  );
  return {
    json: { userId: user.id, changed },
    lines: [
      changed
        ? `Removed all second factors of ${user.email}, and signed them out everywhere.`
        : `${user.email} has no second factor.`,
    ],
  };
}

/** Prints a new link that makes the first admin. Errors: CommandError when there is an admin. */
export async function createFirstAdminLink(get: GetService): Promise<CommandReport> {
  const url = await get(StaffInvitations).renewLink();
  if (url === null)
    throw new CommandError(
      'There is an admin already, who can invite others at /admin/staff.\nIf no admin can sign in: twofold make-admin <email>',
    );
  return {
    json: { url },
    lines: [
      url,
      'Open it within 24 hours, and sign in: it makes you an admin, once. Earlier links have ended.',
    ],
  };
}

const signInHint =
  '\nSign in once and try again, or list the address in ADMIN_EMAILS before the first sign-in.';

/**
 * Gives an existing user the role `admin`. Idempotent. Errors: CommandError for an unknown address.
 */
export async function makeAdmin(get: GetService, email: string): Promise<CommandReport> {
  const user = await findUserByEmail(get, email, signInHint);
  await get(Database).transaction((tx) => get(AuthService).setRole(tx, user.id, 'admin', operator));
  const changed = user.role !== 'admin';
  return {
    json: { userId: user.id, email: user.email, role: 'admin', changed },
    lines: [changed ? `${user.email} is now an admin.` : `${user.email} was already an admin.`],
  };
}
