import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Translate } from '../../platform/i18n/translations.js';
import { DomainError } from '../../platform/errors.js';
import { InviterNames } from '../explain/ports.js';
import { erasedLabel } from '../attribution/referrals.repository.js';

/** The most characters of a note. */
export const maxNoteLength = 80;

/** How a referrer recognises a person they invited. */
export interface InviteName {
  /** What the referrer wrote about them, for themselves alone. */
  note: string | null;
  /** The name that they chose. */
  chosenName: string | null;
  maskedAddress: string;
}

/**
 * What a person who was invited is called: the name they chose, else, to the referrer alone, the
 * note that the referrer wrote, else the masked address. Null once their account is erased.
 */
export function inviteLabel(
  { note, chosenName, maskedAddress }: InviteName,
  { isReferrer }: { isReferrer: boolean },
): string | null {
  if (maskedAddress === erasedLabel) return null;
  return chosenName ?? (isReferrer ? note : null) ?? maskedAddress;
}

/** How the person who invited is named to those they invited: never by an address. */
export function inviterLabel(t: Translate, chosenName: string | null): string {
  return chosenName ?? t('invitation.friend');
}

/** What referrers know of the people they invited besides the masked address. */
@Injectable()
export class InviteNames {
  constructor(
    private readonly database: Database,
    private readonly names: InviterNames,
  ) {}

  /** The names of these invites, which are of one referrer. */
  async find(referralIds: string[]): Promise<Map<string, InviteName>> {
    if (referralIds.length === 0) return new Map();
    const rows = await this.database.query<{
      id: string;
      referredId: string;
      maskedAddress: string;
      note: string | null;
    }>(
      `SELECT r.id, r.referred_id AS "referredId", r.label AS "maskedAddress",
         (SELECT text FROM referral.invite_note WHERE referral_id = r.id) AS note
       FROM referral.referral r WHERE r.id = ANY($1)`,
      [referralIds],
    );
    const chosen = await this.names.findChosen(rows.map(({ referredId }) => referredId));
    return new Map(
      rows.map(({ id, referredId, ...name }) => [
        id,
        { ...name, chosenName: chosen.get(referredId) ?? null },
      ]),
    );
  }

  /**
   * What a referrer calls a person they invited; null where either is erased, and for other people.
   */
  async findFriendName(referrerId: string, referredId: string): Promise<string | null> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM referral.referral WHERE referred_id = ANY(platform.all_accounts_of($2))
         AND referrer_id = ANY(platform.all_accounts_of($1)) ORDER BY id LIMIT 1`,
      [referrerId, referredId],
    );
    const [name] = (await this.find(rows.map(({ id }) => id))).values();
    return name === undefined ? null : inviteLabel(name, { isReferrer: true });
  }

  /** The name that the person who invited `referredId` chose; null without one. */
  async findInviterName(referredId: string): Promise<string | null> {
    const rows = await this.database.query<{ referrerId: string }>(
      `SELECT referrer_id AS "referrerId" FROM referral.referral
       WHERE referred_id = ANY(platform.all_accounts_of($1)) AND referrer_id IS NOT NULL ORDER BY id LIMIT 1`,
      [referredId],
    );
    const [name] = (await this.names.findChosen(rows.map((row) => row.referrerId))).values();
    return name ?? null;
  }

  /**
   * Keeps a note about an invite of `referrerId`; an empty one deletes it. Idempotent. Errors:
   * `request.not_found` for an invite of another.
   */
  async saveNote(tx: Tx, referrerId: string, referralId: string, text: string): Promise<void> {
    // kept from being erased meanwhile, with the note that is about the person
    const own: unknown[] = await tx.query(
      `SELECT 1 FROM referral.referral WHERE id = $1 AND referrer_id = ANY(platform.all_accounts_of($2))
         AND label <> $3 FOR NO KEY UPDATE`,
      [referralId, referrerId, erasedLabel],
    );
    if (own.length === 0) throw new DomainError('request.not_found');
    if (text === '') await tx.query(`DELETE FROM referral.invite_note WHERE referral_id = $1`, [referralId]);
    else
      await tx.query(
        `INSERT INTO referral.invite_note (referral_id, text) VALUES ($1, $2)
         ON CONFLICT (referral_id) DO UPDATE SET text = excluded.text`,
        [referralId, text],
      );
  }

  /** Erases what a person wrote about others, and what others wrote about them. */
  async eraseNotes(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `DELETE FROM referral.invite_note WHERE referral_id IN (
         SELECT id FROM referral.referral WHERE referrer_id = $1 UNION ALL
         SELECT id FROM referral.referral WHERE referred_id = $1)`,
      [userId],
    );
  }
}
