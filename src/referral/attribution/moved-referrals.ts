import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import type { Queryable, Tx } from '../../platform/database/tx.js';
import { newId } from '../../platform/ids.js';
import { ReferralCodes } from '../codes/referral-codes.js';
import { ProgrammeTerms } from '../terms/programme-terms.js';

/**
 * A referral that another tool recorded, between present accounts. `firstPaidAt`: that tool
 * rewarded this payment. `hasPaid`: the referred person has paid before.
 */
export interface MovedReferral {
  referredId: string;
  referrerId: string;
  label: string;
  emailHashes: Buffer[];
  linkedAt: Date;
  firstPaidAt: Date | null;
  hasPaid: boolean;
}

/**
 * What became of a referral: written, written as rewarded elsewhere, there already, refused because
 * the person paid or was invited before, and conflicts: it still waits here for a first payment,
 * there is another referrer, or it would close a circle.
 */
export type MovedReferralOutcome =
  | 'linked'
  | 'rewarded_elsewhere'
  | 'already_linked'
  | 'paid_before'
  | 'still_waiting'
  | 'other_referrer'
  | 'circle';

/** Takes over who referred whom. */
@Injectable()
export class MovedReferrals {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly terms: ProgrammeTerms,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes the referrals that are new, under the terms in force, and answers an outcome for each. A
   * referral that is there is never changed. Idempotent. No email is sent, and no fraud rule runs.
   * The users, and the billing accounts of those who are referred, are locked.
   */
  async link(tx: Tx, moved: readonly MovedReferral[]): Promise<MovedReferralOutcome[]> {
    const present = await findPresent(
      tx,
      moved.map(({ referredId }) => referredId),
    );
    const remembered = await findRemembered(tx, moved);
    const parents = await findAncestors(tx, moved);
    const accepted: MovedReferral[] = [];
    const outcomes = moved.map((one): MovedReferralOutcome => {
      const refusal = whyRefused(one, { present, remembered, parents });
      if (refusal !== null) return refusal;
      const { referredId, referrerId } = one;
      present.set(referredId, {
        referredId,
        referrerId,
        isWaiting: one.firstPaidAt === null && !one.hasPaid,
      });
      parents.set(referredId, referrerId);
      accepted.push(one);
      return one.firstPaidAt === null ? 'linked' : 'rewarded_elsewhere';
    });
    await this.insert(tx, accepted);
    return outcomes;
  }

  /** Those whose referral waits for their first payment, in any of their accounts. */
  async findWaiting(db: Queryable, userIds: readonly string[]): Promise<Set<string>> {
    const present = await findPresent(db, userIds);
    return new Set([...present.values()].flatMap((one) => (one.isWaiting ? one.referredId : [])));
  }

  /** Errors: the constraint `referral_once_per_referred`, for a person who is linked meanwhile. */
  private async insert(tx: Tx, accepted: readonly MovedReferral[]): Promise<void> {
    if (accepted.length === 0) return;
    await this.codes.assignAllMissing(
      tx,
      accepted.map(({ referrerId }) => referrerId),
    );
    const { version } = await this.terms.current(tx);
    const rows = accepted.map(({ emailHashes: _hashes, hasPaid: _hasPaid, ...row }) => ({
      id: newId(this.clock),
      ...row,
    }));
    await tx.query(
      `INSERT INTO referral.referral (id, referrer_id, referred_id, code, terms_version, origin, label, linked_at, rewarded_elsewhere_at)
       SELECT r.id, r."referrerId", r."referredId", c.code, $2, 'import', r.label, r."linkedAt", r."firstPaidAt"
       FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, "referrerId" uuid, "referredId" uuid, label text,
           "linkedAt" timestamptz, "firstPaidAt" timestamptz)
         JOIN referral.code c ON c.user_id = r."referrerId" AND c.retired_at IS NULL`,
      [JSON.stringify(rows), version],
    );
  }
}

/** A referral that is there; it waits until it converts, or for good if it never does. */
interface PresentReferral {
  referredId: string;
  referrerId: string | null;
  isWaiting: boolean;
}

/** Null for a referral that may be written. */
function whyRefused(
  { referredId, referrerId, firstPaidAt, hasPaid }: MovedReferral,
  known: {
    present: Map<string, PresentReferral>;
    remembered: Set<string>;
    parents: Map<string, string>;
  },
): MovedReferralOutcome | null {
  const present = known.present.get(referredId);
  if (present !== undefined) {
    if (present.referrerId !== referrerId) return 'other_referrer';
    return firstPaidAt !== null && !hasPaid && present.isWaiting ? 'still_waiting' : 'already_linked';
  }
  if (leadsTo(known.parents, referrerId, referredId)) return 'circle';
  return (hasPaid && firstPaidAt === null) || known.remembered.has(referredId) ? 'paid_before' : null;
}

/** The referrals of these people, in any of their accounts, by the referred person. */
async function findPresent(db: Queryable, userIds: readonly string[]): Promise<Map<string, PresentReferral>> {
  const rows = await db.query<PresentReferral>(
    `SELECT asked.id AS "referredId", platform.current_account_of(r.referrer_id) AS "referrerId",
       r.rewarded_elsewhere_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM referral.conversion c WHERE c.referral_id = r.id) AS "isWaiting"
     FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
       SELECT * FROM referral.referral WHERE referred_id = ANY (platform.all_accounts_of(asked.id))
       ORDER BY closed_at IS NOT NULL, id LIMIT 1) r`,
    [[...new Set(userIds)]],
  );
  return new Map(rows.map((row) => [row.referredId, row]));
}

/** Those whose address was invited or rewarded before, and erased. */
async function findRemembered(db: Queryable, moved: readonly MovedReferral[]): Promise<Set<string>> {
  const hashes = moved.flatMap(({ emailHashes, referredId }) =>
    emailHashes.map((hash): [string, string] => [hash.toString('hex'), referredId]),
  );
  const userByHash = new Map(hashes);
  const rows = await db.query<{ hash: string }>(
    `SELECT encode(email_hash, 'hex') AS hash FROM referral.tombstone
     WHERE email_hash = ANY (SELECT decode(hash, 'hex') FROM unnest($1::text[]) AS hash)`,
    [[...userByHash.keys()]],
  );
  return new Set(rows.map(({ hash }) => userByHash.get(hash) ?? ''));
}

/** Who referred the referrers, and who those, up to the first: by the referred person. */
async function findAncestors(db: Queryable, moved: readonly MovedReferral[]): Promise<Map<string, string>> {
  const rows = await db.query<{ child: string; parent: string }>(
    `WITH RECURSIVE line (child, parent) AS (
       SELECT r.referred_id, platform.current_account_of(r.referrer_id) FROM referral.referral r
       WHERE r.referred_id = ANY ($1::uuid[]) AND r.referrer_id IS NOT NULL
       UNION
       SELECT r.referred_id, platform.current_account_of(r.referrer_id)
       FROM line JOIN referral.referral r ON r.referred_id = line.parent WHERE r.referrer_id IS NOT NULL)
     SELECT child, parent FROM line`,
    [[...new Set(moved.map(({ referrerId }) => referrerId))]],
  );
  return new Map(rows.map(({ child, parent }) => [child, parent]));
}

/** Whether `wanted` is among those who referred `start`, or is `start`. */
function leadsTo(parents: Map<string, string>, start: string, wanted: string): boolean {
  const seen = new Set<string>();
  for (let one: string | undefined = start; one !== undefined && !seen.has(one); one = parents.get(one)) {
    if (one === wanted) return true;
    seen.add(one);
  }
  return false;
}
