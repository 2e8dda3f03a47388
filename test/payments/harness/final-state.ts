import type pg from 'pg';
import type { HistoryPeople } from './senders.js';

/** What a history came to, in names that are the same for every source. */
export type FinalState = Record<string, unknown>;

const finalStateSql = `SELECT json_build_object(
  'accounts', (SELECT json_agg(json_build_array(b.user_id = $1,
       CASE WHEN b.tier_expires_at <= $3 THEN 'free' ELSE b.tier END, b.tier_expires_at, b.paid_through, b.first_paid_at,
       round(extract(epoch FROM GREATEST(c.until - $3::timestamptz, interval '0')) / 86400, $5)) ORDER BY b.user_id = $1)
     FROM billing.account b JOIN credit.account c USING (user_id) WHERE b.user_id IN ($1, $2)),
  'conversions', (SELECT json_agg(json_build_array(s.state, s.reasons, s.flags, i.paid_at))
     FROM referral.conversion c JOIN referral.reward_status s ON s.conversion_id = c.id
       JOIN billing.invoice i ON i.id = s.invoice_id WHERE c.referred_id = $2),
  'payments', (SELECT json_agg(json_build_array(amount_paid, currency, paid_at, period_start, period_end) ORDER BY paid_at)
     FROM billing.invoice WHERE user_id = $2),
  'reversals', (SELECT json_agg(json_build_array(r.kind, r.status, r.amount) ORDER BY r.kind, r.status, r.amount)
     FROM billing.reversal r WHERE r.invoice_id IN (SELECT id FROM billing.invoice WHERE user_id = $2)
       OR r.payment_intent_id IN (SELECT p.id FROM billing.invoice_payment p JOIN billing.invoice i ON i.id = p.invoice_id
                                  WHERE i.user_id = $2)),
  'subscriptions', (SELECT json_agg(json_build_array(status, current_period_end, cancel_at_period_end, ended_at, paid_until,
       past_due_since)) FROM billing.subscription WHERE user_id = $2),
  'waiting', (SELECT count(*) FROM billing.inbox WHERE status NOT IN ('applied', 'ignored')
     AND payload::text LIKE '%' || $4 || '%')
) AS "finalState"`;

/** Reads what is stored of the people of one delivery; days have so many digits. */
export async function readFinalState(
  sql: pg.Pool,
  { inviter, payer }: HistoryPeople,
  { now, digits = 6 }: { now: Date; digits?: number },
): Promise<FinalState> {
  const { rows: people } = await sql.query<{ id: string }>(
    `SELECT id FROM auth."user" WHERE external_id = $1`,
    [payer],
  );
  const { rows } = await sql.query<{ finalState: FinalState }>(finalStateSql, [
    inviter.userId,
    people[0]?.id,
    now,
    payer,
    digits,
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('The final state was not read');
  return row.finalState;
}
