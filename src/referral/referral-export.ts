import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';

/** A referral as either of its people may see it: what was promised, whether it converted, how that stands. */
const referralColumns = `r.id, r.code, r.origin, r.linked_at AS "linkedAt", r.closed_at AS "closedAt", r.terms_version AS "termsVersion",
  c.id AS "conversionId", c.converted_at AS "convertedAt", s.state, s.reasons, s.holds,
  s.release_at AS "releaseAt", s.credited_at AS "creditedAt", s.capped, v.outcome, v.decision, v.decided_at AS "decidedAt"
  FROM referral.referral r LEFT JOIN referral.conversion c ON c.referral_id = r.id
  LEFT JOIN referral.reward_status s ON s.conversion_id = c.id LEFT JOIN referral.review v ON v.referral_id = r.id`;

/** What referral stores about a person, for themselves. */
@Injectable()
export class ReferralExport {
  constructor(private readonly database: Database) {}

  /** Codes, the invitation they came with, whom they invited (by the label they see), milestones, and what they are recognised by. */
  async exportUser(userId: string): Promise<Record<string, unknown>> {
    const [codes, invitedWith, invited, milestones, places, signals] = await Promise.all(
      exportQueries.map((sql) => this.database.query(sql, [userId])),
    );
    return { codes, invitedWith: invitedWith?.[0] ?? null, invited, milestones, places, signals };
  }
}

const exportQueries = [
  `SELECT code, created_at AS "createdAt", retired_at AS "retiredAt" FROM referral.code WHERE user_id = $1 ORDER BY created_at`,
  `SELECT c.invoice_id AS "invoiceId", ${referralColumns} WHERE r.referred_id = $1`,
  `SELECT r.label, ${referralColumns} WHERE r.referrer_id = $1 ORDER BY r.id`,
  `SELECT ordinal, terms_version AS "termsVersion", entry_id AS "entryId", is_granted AS "isGranted", changed_at AS "changedAt"
   FROM referral.milestone WHERE referrer_id = $1 ORDER BY ordinal`,
  `SELECT conversion_id AS "conversionId", terms_version AS "termsVersion", uses_cap AS "usesCap", reserved_ms AS "reservedMs", reserved_at AS "reservedAt"
   FROM referral.reward_reservation WHERE referrer_id = $1 ORDER BY reserved_at`,
  `SELECT kind, seen_at AS "seenAt" FROM referral.signal WHERE user_id = $1 ORDER BY kind, seen_at`,
];
