import { Injectable } from '@nestjs/common';
import { Mailbox } from '../mail/index.js';
import { Database } from '../platform/database/database.js';

/** Letters are kept in local mode only. */
const lettersAtMost = 1_000;

/** What auth stores about somebody, for themselves. */
@Injectable()
export class AuthExport {
  constructor(
    private readonly mailbox: Mailbox,
    private readonly database: Database,
  ) {}

  /** The user, their devices, their codes, which letters they do without, and letters that were kept; hashes of codes and tokens say nothing to anybody. */
  async of(userId: string): Promise<Record<string, unknown>> {
    const [users, sessions, codes, devices, unwantedLetters] = await Promise.all([
      this.database.query(
        `SELECT id, email, display_name AS "displayName", locale, time_zone AS "timeZone", role,
           admin_declined AS "adminDeclined", created_at AS "createdAt"
         FROM auth."user" WHERE id = $1`,
        [userId],
      ),
      this.database.query(
        `SELECT id, user_agent AS "userAgent", created_at AS "createdAt", seen_at AS "seenAt", expires_at AS "expiresAt"
         FROM auth.session WHERE user_id = $1 ORDER BY id`,
        [userId],
      ),
      this.database.query(
        `SELECT c.id, c.email, c.ref_code AS "refCode", c.attempts, c.tried_at AS "triedAt", c.created_at AS "createdAt",
           c.expires_at AS "expiresAt", c.used_at AS "usedAt", c.locale
         FROM auth.challenge c JOIN auth."user" u ON u.email = c.email WHERE u.id = $1 ORDER BY c.id`,
        [userId],
      ),
      this.database.query(`SELECT seen_at AS "seenAt" FROM auth.device WHERE user_id = $1 ORDER BY seen_at`, [
        userId,
      ]),
      this.database.query(`SELECT kind, since FROM auth.unwanted_letter WHERE user_id = $1 ORDER BY kind`, [
        userId,
      ]),
    ]);
    const user = users[0] as { email: string | null } | undefined;
    const letters = user?.email ? await this.mailbox.newest(lettersAtMost, user.email) : [];
    return { user: user ?? null, sessions, codes, devices, unwantedLetters, letters };
  }
}
