import { createHash } from 'node:crypto';
import { AuthService } from '../auth/index.js';
import { CreditService, toNewEntryDto, type CreditEntryDto } from '../credit/index.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { DomainError } from '../platform/errors.js';
import { Idempotency } from '../platform/http/idempotency.js';
import { findUserByEmail, operator } from './application.js';
import type { CommandReport, GetService } from './command-context.js';

/** A grant as it was asked for. `idempotencyKey`: the same key again grants nothing more. */
export interface GrantRequest {
  email: string;
  days: number;
  reason: string;
  idempotencyKey?: string | undefined;
}

/**
 * Grants days manually. They begin where the account's credit ends, as every other grant does.
 * Errors: CommandError for an unknown address; `request.idempotency_conflict` for a key that came
 * with another request.
 */
export async function grantCredit(get: GetService, request: GrantRequest): Promise<CommandReport> {
  const { id: userId, email } = await findUserByEmail(get, request.email);
  const { days, reason } = request;
  const entry = await get(Database).transaction(async (tx) => {
    if (await isRepeatedGrant(get, tx, userId, request)) return null;
    await get(AuthService).requireActiveUser(tx, userId);
    const line = await get(CreditService).grantManually(tx, { userId, days }, { reason, actor: operator });
    return toNewEntryDto(line, reason);
  });
  const creditUntil = (await get(CreditService).getCreditUntil(userId))?.toISOString() ?? null;
  return {
    json: { userId, email, replayed: entry === null, creditUntil, entry },
    lines: [
      entry === null ? 'Already granted with this key: nothing was added.' : grantedLine(email, days, entry),
      `Credit until ${creditUntil}`,
    ],
  };
}

/**
 * Takes back what is left of one grant. Idempotent: the revocation that was written first.
 * Errors: `request.not_found`, `credit.not_revocable`.
 */
export async function revokeCredit(get: GetService, entryId: string, reason: string): Promise<CommandReport> {
  const line = await get(Database).transaction((tx) =>
    get(CreditService).revokeManually(tx, entryId, { reason, actor: operator }),
  );
  const entry = toNewEntryDto(line, reason);
  const creditUntil = line.untilAfter?.toISOString() ?? null;
  return {
    json: { userId: line.userId, creditUntil, entry },
    lines: [
      `Revoked grant ${entryId}: ${Math.abs(entry.days)} days taken back.`,
      `Credit until ${creditUntil}`,
    ],
  };
}

function grantedLine(email: string, days: number, entry: CreditEntryDto): string {
  return `${email}: ${days} days granted as ${entry.id}`;
}

/** Keys of the command line are one caller's: the operator, who has no account. */
const operatorId = '00000000-0000-0000-0000-000000000000';

/**
 * Marks the key and the request that came with it; the key alone, without this request, is a
 * conflict.
 */
async function isRepeatedGrant(
  get: GetService,
  tx: Tx,
  userId: string,
  request: GrantRequest,
): Promise<boolean> {
  const { idempotencyKey: key, days, reason } = request;
  if (key === undefined) return false;
  const requestHash = createHash('sha256')
    .update(JSON.stringify([userId, days, reason]))
    .digest('hex');
  const keyIsUsed = await get(Idempotency).isRepeated(tx, operatorId, 'cli grant-credit', key);
  const sameRequest = await get(Idempotency).isRepeated(
    tx,
    operatorId,
    `cli grant-credit ${requestHash}`,
    key,
  );
  if (keyIsUsed && !sameRequest) throw new DomainError('request.idempotency_conflict');
  return keyIsUsed;
}
