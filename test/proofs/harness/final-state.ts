import type pg from 'pg';
import type { StripeEvent } from '../../support/stripe-payloads.js';
import type { Fixture } from '../histories/history.js';

/** One row of what a history has come to, in names that are the same in every run. */
export interface FinalState {
  people: {
    who: string;
    tier: string;
    ends: string | null;
    paidThrough: string | null;
    firstPaid: string | null;
    daysAhead: number;
  }[];
  conversions: { of: string; state: string; reasons: string[]; flags: string[]; invoice: string }[];
  reversals: { id: string; kind: string; status: string; amount: number }[];
  subscriptions: { id: string; of: string; status: string; [column: string]: unknown }[];
  customers: { id: string; of: string; isDeleted: boolean }[];
  invoices: { id: string; of: string; amount: number }[];
  payments: { id: string; invoice: string | null }[];
  /** Events that still wait, by type: as many as in the true order. */
  waiting: string[];
  /** Must be empty: events that failed, died, or were taken and never applied. */
  broken: string[];
}

const finalStateSql = `SELECT json_build_object(
  'people', (SELECT json_agg(p) FROM (
     SELECT b.user_id AS who, CASE WHEN b.tier_expires_at <= $3 THEN 'free' ELSE b.tier END AS tier, b.tier_expires_at AS ends,
       b.paid_through AS "paidThrough", b.first_paid_at AS "firstPaid",
       GREATEST(0, extract(epoch FROM c.until - $3::timestamptz)) / 86400 AS "daysAhead"
     FROM billing.account b JOIN credit.account c USING (user_id) WHERE b.user_id = ANY($1)) p),
  'conversions', (SELECT json_agg(json_build_object('of', c.referred_id, 'state', s.state, 'reasons', s.reasons, 'flags', s.flags,
       'invoice', s.invoice_id))
     FROM referral.conversion c LEFT JOIN referral.reward_status s ON s.conversion_id = c.id WHERE c.referred_id = ANY($1)),
  'reversals', (SELECT json_agg(json_build_object('id', id, 'kind', kind, 'status', status, 'amount', amount))
     FROM billing.reversal WHERE id = ANY($2)),
  'subscriptions', (SELECT json_agg(json_build_object('id', id, 'of', user_id, 'customer', customer_id, 'status', status,
       'price', price_id, 'from', current_period_start, 'to', current_period_end, 'cancels', cancel_at_period_end,
       'ended', ended_at, 'paidUntil', paid_until, 'pastDueSince', past_due_since, 'cancelAt', cancel_at,
       'voided', collection_voided))
     FROM billing.subscription WHERE user_id = ANY($1)),
  'payments', (SELECT json_agg(json_build_object('id', id, 'invoice', invoice_id)) FROM billing.invoice_payment WHERE id = ANY($2)),
  'customers', (SELECT json_agg(json_build_object('id', id, 'of', user_id, 'isDeleted', deleted_at IS NOT NULL))
     FROM billing.customer WHERE user_id = ANY($1)),
  'invoices', (SELECT json_agg(json_build_object('id', id, 'of', user_id, 'amount', amount_paid)) FROM billing.invoice WHERE id = ANY($2)),
  'waiting', (SELECT json_agg(type) FROM billing.inbox WHERE event_id = ANY($2) AND status = 'parked'),
  'broken', (SELECT json_agg(type || ' is ' || status || ': ' || coalesce(detail, '')) FROM billing.inbox
     WHERE event_id = ANY($2) AND status NOT IN ('applied', 'ignored', 'parked'))
) AS state`;

/**
 * Reads what was really stored for one cast, as of `now`; moments in seconds since the history
 * began.
 */
export async function finalStateOf(
  sql: pg.Pool,
  { fixture, events, now }: { fixture: Fixture; events: readonly StripeEvent[]; now: Date },
  daysRoundedTo = 0,
): Promise<FinalState> {
  const names = labelsFor(fixture, events);
  const people = [fixture.anna, fixture.bert.userId, fixture.carl.userId];
  const { rows } = await sql.query<{ state: FinalState }>(finalStateSql, [people, [...names.keys()], now]);
  const named = JSON.stringify(rows[0]?.state).replace(/"([^"]+)"/g, (quoted, text: string) => {
    if (timestampPattern.test(text)) return `"${Date.parse(text) / 1000 - fixture.startsAt} s"`;
    return names.has(text) ? `"${names.get(text)}"` : quoted;
  });
  const state = sorted(JSON.parse(named) as FinalState);
  for (const person of state.people)
    if (daysRoundedTo > 0) person.daysAhead = Math.round(person.daysAhead / daysRoundedTo) * daysRoundedTo;
  return state;
}

const timestampPattern = /^\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)$/;

/**
 * Ids are random in each run: people get their names, Stripe's objects and events their place in
 * the history.
 */
function labelsFor(fixture: Fixture, events: readonly StripeEvent[]): Map<string, string> {
  const names = new Map([
    [fixture.anna, 'anna'],
    [fixture.bert.userId, 'bert'],
    [fixture.carl.userId, 'carl'],
  ]);
  const told = JSON.stringify(events).matchAll(/"((?:[a-z]+)_[0-9a-f]{18}2?)"/g);
  for (const [, id = ''] of told) if (!names.has(id)) names.set(id, `${id.split('_')[0]}#${names.size}`);
  return names;
}

/** Ids sort differently in each run, names do not. */
function sorted(state: FinalState): FinalState {
  const byName = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
  const lists = Object.entries(state).map(([key, list]) => [
    key,
    [...((list as unknown[]) ?? [])].sort(byName),
  ]);
  return Object.fromEntries(lists) as FinalState;
}
