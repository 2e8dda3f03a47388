import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Tx } from '../../platform/database/tx.js';
import { AuthenticatorAppEntity } from '../second-factor/authenticator-app.entity.js';
import { PasskeyEntity } from '../second-factor/passkey.entity.js';
import { RecoveryCodeEntity } from '../second-factor/recovery-code.entity.js';
import { KnownDeviceEntity } from '../sessions/known-device.entity.js';
import { SessionEntity } from '../sessions/session.entity.js';
import { StaffInvitationEntity } from '../staff/staff-invitation.entity.js';
import { ChallengeEntity } from '../sign-in/challenge.entity.js';

/**
 * What auth stores about a person, by the names it has in an export. `email` is null once erased.
 */
export interface ExportedAuthData {
  user: { email: string | null } | null;
  sessions: unknown[];
  codes: unknown[];
  devices: unknown[];
  passkeys: unknown[];
  authenticatorApps: unknown[];
  staffInvitations: unknown[];
}

/** All that auth stores about one person, over all its tables: exported, and erased. */
@Injectable()
export class AuthDataRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The user, their devices and their codes; hashes of codes and tokens say nothing to anybody. */
  async exportUser(userId: string): Promise<ExportedAuthData> {
    const [users, sessions, codes, devices, passkeys, authenticatorApps, staffInvitations] =
      await Promise.all([
        this.database.query<NonNullable<ExportedAuthData['user']>>(
          `SELECT id, external_id AS "externalId", email, display_name AS "displayName", locale, time_zone AS "timeZone", role,
           admin_revoked AS "adminRevoked", created_at AS "createdAt"
         FROM auth."user" WHERE id = $1`,
          [userId],
        ),
        this.database.query(
          `SELECT id, user_agent AS "userAgent", created_at AS "createdAt", seen_at AS "seenAt", expires_at AS "expiresAt",
           proves_email AS "provesEmail", second_factor_at AS "secondFactorAt"
         FROM auth.session WHERE user_id = $1 ORDER BY id`,
          [userId],
        ),
        this.database.query(
          `SELECT c.id, c.email, c.referral_code AS "referralCode", c.attempts, c.last_attempt_at AS "lastAttemptAt", c.created_at AS "createdAt",
           c.expires_at AS "expiresAt", c.used_at AS "usedAt", c.locale
         FROM auth.challenge c JOIN auth."user" u ON u.email = c.email WHERE u.id = $1 ORDER BY c.id`,
          [userId],
        ),
        this.database.query(
          `SELECT last_sign_in_at AS "lastSignInAt" FROM auth.known_device WHERE user_id = $1 ORDER BY last_sign_in_at`,
          [userId],
        ),
        this.database.query(
          `SELECT id, name, transports, sign_count AS "signCount", created_at AS "createdAt", last_used_at AS "lastUsedAt"
         FROM auth.passkey WHERE user_id = $1 ORDER BY id`,
          [userId],
        ),
        this.database.query(
          `SELECT created_at AS "createdAt" FROM auth.authenticator_app WHERE user_id = $1`,
          [userId],
        ),
        this.database.query(
          `SELECT i.id, i.email, i.role, i.created_at AS "createdAt", i.expires_at AS "expiresAt"
         FROM auth.staff_invitation i JOIN auth."user" u ON u.email = i.email WHERE u.id = $1`,
          [userId],
        ),
      ]);
    return {
      user: users[0] ?? null,
      sessions,
      codes,
      devices,
      passkeys,
      authenticatorApps,
      staffInvitations,
    };
  }

  /**
   * Locks the row of a user for erasing, and answers its address; null when there is none, or it is
   * erased.
   */
  async lockEmail(tx: Tx, userId: string): Promise<string | null> {
    const rows: { email: string }[] = await tx.query(
      `SELECT email FROM auth."user" WHERE id = $1 AND erased_at IS NULL FOR UPDATE`,
      [userId],
    );
    return rows[0]?.email ?? null;
  }

  /**
   * Takes the person out of a locked row, which stays, and deletes their sessions, codes,
   * devices and second factors.
   */
  async erase(tx: Tx, userId: string, email: string): Promise<void> {
    await tx.query(
      `UPDATE auth."user" SET email = NULL, external_id = NULL, display_name = NULL, locale = DEFAULT, time_zone = DEFAULT, role = 'user', erased_at = $2
       WHERE id = $1`,
      [userId, this.clock.now()],
    );
    await tx.delete(SessionEntity, { userId });
    await tx.delete(ChallengeEntity, { email });
    await tx.delete(KnownDeviceEntity, { userId });
    await tx.delete(StaffInvitationEntity, { email });
    await tx.delete(StaffInvitationEntity, { invitedBy: userId });
    await tx.delete(PasskeyEntity, { userId });
    await tx.delete(AuthenticatorAppEntity, { userId });
    await tx.delete(RecoveryCodeEntity, { userId });
  }

  /** Deletes the mailboxes that a user had before, and answers their keyed hashes. */
  async deleteFormerMailboxes(tx: Tx, userId: string): Promise<Buffer[]> {
    const [rows]: [{ email_hash: Buffer }[], number] = await tx.query(
      `DELETE FROM auth.former_mailbox WHERE user_id = $1 RETURNING email_hash`,
      [userId],
    );
    return rows.map((row) => row.email_hash);
  }

  /** Takes these referral codes out of the challenges of others. */
  async clearReferralCodes(tx: Tx, codes: string[]): Promise<void> {
    await tx.query(`UPDATE auth.challenge SET referral_code = NULL WHERE referral_code = ANY($1)`, [codes]);
  }
}
