import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';

/** What auth stores about a person, by the names it has in an export. `email` is null once erased. */
export interface ExportedAuthData {
  user: { email: string | null } | null;
  sessions: unknown[];
  codes: unknown[];
  devices: unknown[];
}

/** What auth stores about a person, for themselves. */
@Injectable()
export class AuthDataExport {
  constructor(private readonly database: Database) {}

  /** The user, their devices and their codes; hashes of codes and tokens say nothing to anybody. */
  async exportUser(userId: string): Promise<ExportedAuthData> {
    const [users, sessions, codes, devices] = await Promise.all([
      this.database.query<NonNullable<ExportedAuthData['user']>>(
        `SELECT id, email, display_name AS "displayName", locale, time_zone AS "timeZone", role,
           admin_revoked AS "adminRevoked", created_at AS "createdAt"
         FROM auth."user" WHERE id = $1`,
        [userId],
      ),
      this.database.query(
        `SELECT id, user_agent AS "userAgent", created_at AS "createdAt", seen_at AS "seenAt", expires_at AS "expiresAt"
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
    ]);
    return { user: users[0] ?? null, sessions, codes, devices };
  }
}
