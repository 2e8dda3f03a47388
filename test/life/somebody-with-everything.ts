import { bearer, type Person } from '../support/given.js';
import type { Staff } from '../support/staff.js';
import type { World } from '../support/world.js';
import { lifeOf } from './merging.js';
import { refundOf } from './refunding.js';

/** A person of whom every table holds a row. */
export async function somebodyWithEverything(world: World, staff: Staff): Promise<Person> {
  const { given, when, sql, clock } = world;
  const life = lifeOf(world);
  await given.terms({ cap_conversions: 5, milestone_every: 1, milestone_days: 7, budget_days: 900 });
  const somebody = await given.user({
    email: 'somebody.of@everything.example',
    ref: await given.codeOf(await given.user()),
  });
  const [bert, twin] = [await given.userInvitedBy(somebody), await given.user()];
  await sql.query(`UPDATE auth."user" SET display_name = 'Twin' WHERE id = $1`, [twin.id]);
  const referral = await sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = $1`,
    [bert.id],
  );
  await staff.api('POST', `referrals/${referral.rows[0]?.id}/approve`, staff.root, {
    reason: 'an honest friend',
  });
  const paid = when.invoicePaid(somebody);
  await when.stripeSends(paid);
  await when.pays(bert);
  await given.userInvitedBy(somebody);
  await staff.api('POST', `users/${somebody.id}/refund-as-credit`, staff.root, {
    amount: 100,
    days: 3,
    reason: 'half',
  });
  for (const sent of refundOf(paid, when.seconds).refunded) await when.stripeSends(sent);
  await staff.api('POST', `users/${somebody.id}/credit`, staff.root, {
    days: 5,
    reason: 'for your patience',
  });
  await life.merge(twin, somebody);
  await world.settle();
  await world.app.inject({
    method: 'PUT',
    url: '/api/v1/settings/backup',
    headers: bearer(somebody),
    payload: { data: 'mine' },
  });
  const rows: [string, unknown[]][] = [
    [
      `INSERT INTO auth.unwanted_letter (user_id, kind, since) VALUES ($1, 'milestone', $2)`,
      [somebody.id, clock.now()],
    ],
    [
      `INSERT INTO auth.device (user_id, hash, seen_at) VALUES ($1, sha256('a device'), $2) ON CONFLICT DO NOTHING`,
      [somebody.id, clock.now()],
    ],
    [
      `INSERT INTO billing.checkout_session (id, user_id, customer_id, price_id, url, created_at, expires_at)
       VALUES ('cs_of_anna', $1, $3, 'price_x', 'https://checkout.example/c/pay/cs_of_anna', $2, $2)`,
      [somebody.id, clock.now(), somebody.payer.customer],
    ],
    [
      `INSERT INTO billing.deferral (entry_id, user_id, subscription_id, state, planned_at, changed_at)
       SELECT id, user_id, $3, 'planned', $2, $2 FROM credit.entry WHERE user_id = $1 LIMIT 1`,
      [somebody.id, clock.now(), somebody.payer.subscription],
    ],
  ];
  for (const [statement, parameters] of rows) await sql.query(statement, parameters);
  return somebody;
}
