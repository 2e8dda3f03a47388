import type { StripeEvent } from '../../support/stripe-payloads.js';
import type { World } from '../../support/world.js';
import type { Cast } from './story.js';

const stripeIds = /\b(?:evt|in|pi|ch|re|du|cn|cus|sub|cs|inpay|issfr)_[0-9a-f]{18}\b/g;

const endOf = `
  SELECT json_build_object(
    'people', (SELECT json_agg(json_build_object('tier', b.tier, 'tierEnds', b.tier_expires_at, 'paidThrough', b.paid_through,
        'firstPaidAt', b.first_paid_at, 'msAhead', greatest(0, extract(epoch FROM c.until - $3::timestamptz) * 1000))
        ORDER BY p.place)
      FROM unnest($1::uuid[]) WITH ORDINALITY AS p(id, place)
      JOIN billing.account b ON b.user_id = p.id JOIN credit.account c ON c.user_id = p.id),
    'standing', (SELECT json_agg(json_build_object('state', s.state, 'reasons', s.reasons, 'flags', s.flags, 'first', s.invoice_id))
      FROM referral.conversion c JOIN referral.standing s ON s.conversion_id = c.id WHERE c.referred_id = ANY($1)),
    'subscriptions', (SELECT json_agg(json_build_object('id', id, 'status', status, 'from', current_period_start,
        'until', current_period_end, 'ended', ended_at, 'paidUntil', paid_until) ORDER BY array_position($4, id))
      FROM billing.subscription WHERE user_id = ANY($1)),
    'customers', (SELECT json_agg(json_build_object('id', id, 'deleted', deleted_at, 'ours', ours) ORDER BY array_position($4, id))
      FROM billing.customer WHERE user_id = ANY($1)),
    'invoices', (SELECT json_agg(json_build_object('id', id, 'paidAt', paid_at) ORDER BY array_position($4, id))
      FROM billing.invoice WHERE user_id = ANY($1)),
    'reversals', (SELECT json_agg(json_build_object('id', id, 'status', status, 'amount', amount) ORDER BY array_position($4, id))
      FROM billing.reversal WHERE id = ANY($4)),
    'payments', (SELECT json_agg(json_build_object('id', id, 'invoice', invoice_id) ORDER BY array_position($4, id))
      FROM billing.payment WHERE id = ANY($4)),
    'inbox', (SELECT json_agg(json_build_object('id', event_id, 'status', status) ORDER BY array_position($2, event_id))
      FROM billing.inbox WHERE event_id = ANY($2))
  )::text AS state`;

/**
 * What everything has come to for the people of one telling: tier, days ahead of now, standing, facts of money, and
 * what became of each event. Ids are replaced by their places in the history, so that two tellings can be compared.
 */
export async function endState(world: World, cast: Cast, history: StripeEvent[]): Promise<unknown> {
  const ids = [...new Set(`${JSON.stringify(cast)} ${JSON.stringify(history)}`.match(stripeIds))];
  const eventIds = history.map(({ id }) => id);
  const { rows } = await world.sql.query<{ state: string }>(endOf, [
    [cast.anna, cast.bert],
    eventIds,
    world.clock.now(),
    ids,
  ]);
  const places = new Map(ids.map((id, place) => [id, `${id.slice(0, id.indexOf('_'))} ${place}`]));
  return JSON.parse((rows[0]?.state ?? '').replace(stripeIds, (id) => places.get(id) ?? id));
}
