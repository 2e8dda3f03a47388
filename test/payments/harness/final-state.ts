import type pg from 'pg';
import { externalIdOf, type HistoryPeople } from './senders.js';

/** What a history came to, in names that are the same for every source. */
export type FinalState = Record<string, unknown>;

/**
 * $1: the inviter and those who pay; $2: now; $3: what their ids at processors contain; $4: digits.
 * What was planned for a subscription means nothing once it has ended: Paddle leaves it out.
 */
const finalStateSql = `SELECT json_build_object(
  'accounts', (SELECT json_agg(json_build_array(CASE WHEN b.tier_expires_at <= $2 THEN 'free' ELSE b.tier END,
       b.tier_expires_at, b.paid_through, b.first_paid_at,
       round(extract(epoch FROM GREATEST(c.until - $2::timestamptz, interval '0')) / 86400, $4)) ORDER BY array_position($1, user_id))
     FROM billing.account b JOIN credit.account c USING (user_id) WHERE user_id = ANY($1::uuid[])),
  'conversions', (SELECT json_agg(json_build_array(s.state, s.reasons, s.flags, i.paid_at) ORDER BY array_position($1, c.referred_id))
     FROM referral.conversion c JOIN referral.reward_status s ON s.conversion_id = c.id
       JOIN billing.invoice i ON i.id = s.invoice_id WHERE c.referred_id = ANY($1)),
  'payments', (SELECT json_agg(json_build_array(amount_paid, currency, paid_at, period_start, period_end) ORDER BY paid_at)
     FROM billing.invoice WHERE user_id = ANY($1)),
  'reversals', (SELECT json_agg(json_build_array(r.kind, r.status, r.amount) ORDER BY r.kind, r.status, r.amount)
     FROM billing.reversal r WHERE r.invoice_id IN (SELECT id FROM billing.invoice WHERE user_id = ANY($1))
       OR r.payment_intent_id IN (SELECT p.id FROM billing.invoice_payment p JOIN billing.invoice i ON i.id = p.invoice_id
                                  WHERE i.user_id = ANY($1))),
  'subscriptions', (SELECT json_agg(json_build_array(status, CASE WHEN ended_at IS NULL THEN current_period_end END,
       ended_at IS NULL AND cancel_at_period_end, ended_at, paid_until, past_due_since) ORDER BY paid_until) FROM billing.subscription WHERE user_id = ANY($1)),
  'waiting', (SELECT count(*) FROM billing.inbox WHERE status NOT IN ('applied', 'ignored')
     AND payload::text LIKE '%' || $3 || '%')
) AS "finalState"`;

/** Reads what is stored of the people of one delivery; days have so many digits. */
export async function readFinalState(
  sql: pg.Pool,
  people: HistoryPeople,
  { now, digits = 6 }: { now: Date; digits?: number },
): Promise<FinalState> {
  const { rows: payers } = await sql.query<{ id: string }>(
    `SELECT id FROM auth."user" WHERE external_id = ANY($1) ORDER BY external_id`,
    [[externalIdOf(people, 1), externalIdOf(people, 2)]],
  );
  const { rows } = await sql.query<{ finalState: FinalState }>(finalStateSql, [
    [people.inviter.userId, ...payers.map(({ id }) => id)],
    now,
    people.payer,
    digits,
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('The final state was not read');
  return row.finalState;
}
