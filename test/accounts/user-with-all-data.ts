import { bearer, type Person } from '../support/given.js';
import type { Staff } from '../support/staff.js';
import type { World } from '../support/world.js';
import { accountOperations } from './account-operations.js';
import { refundEvents } from './refund-events.js';

/** A person of whom every table holds a row. */
export async function createUserWithAllData(world: World, staff: Staff): Promise<Person> {
  const { given, when, sql, clock } = world;
  const accounts = accountOperations(world);
  await given.terms({ cap_conversions: 5, milestone_every: 1, milestone_days: 7, budget_days: 900 });
  const user = await given.user({
    email: 'somebody.of@everything.example',
    ref: await given.referralCodeOf(await given.user()),
  });
  const [bert, twin] = [await given.userInvitedBy(user), await given.user()];
  await sql.query(`UPDATE auth."user" SET display_name = 'Twin' WHERE id = $1`, [twin.id]);
  const referral = await sql.query<{ id: string }>(
    `SELECT id FROM referral.referral WHERE referred_id = $1`,
    [bert.id],
  );
  await staff.api('POST', `referrals/${referral.rows[0]?.id}/approve`, staff.admin, {
    reason: 'an honest friend',
  });
  const paid = when.invoicePaid(user);
  await when.stripeSends(paid);
  await when.pays(bert);
  await given.userInvitedBy(user);
  await staff.api('POST', `users/${user.id}/refund-as-credit`, staff.admin, {
    amount: 100,
    days: 3,
    reason: 'half',
  });
  for (const sent of refundEvents(paid, when.seconds).refunded) await when.stripeSends(sent);
  await staff.api('POST', `users/${user.id}/credit`, staff.admin, {
    days: 5,
    reason: 'for your patience',
  });
  await accounts.merge(twin, user);
  await world.runHandlers();
  await world.app.inject({
    method: 'PUT',
    url: '/api/v1/settings/backup',
    headers: bearer(user),
    payload: { data: 'mine' },
  });
  const rows: [string, unknown[]][] = [
    [`UPDATE auth."user" SET external_id = 'everything-' || $2::date WHERE id = $1`, [user.id, clock.now()]],
    [
      `INSERT INTO referral.code_alias (alias, user_id, created_at) VALUES ('Anna.Everything', $1, $2)`,
      [user.id, clock.now()],
    ],
    [
      `INSERT INTO referral.invite_note (referral_id, text)
       SELECT id, 'a note about a friend' FROM referral.referral WHERE referrer_id = $1 LIMIT 1`,
      [user.id],
    ],
    [
      `INSERT INTO notifications.email_opt_out (user_id, kind, opted_out_at) VALUES ($1, 'milestone', $2)`,
      [user.id, clock.now()],
    ],
    [
      `INSERT INTO auth.known_device (user_id, device_hash, last_sign_in_at) VALUES ($1, sha256('a device'), $2) ON CONFLICT DO NOTHING`,
      [user.id, clock.now()],
    ],
    [
      `INSERT INTO auth.passkey (id, user_id, credential_id, public_key, sign_count, transports, name, created_at)
       VALUES (gen_random_uuid(), $1, sha256('a passkey of everything'), sha256('a public key'), 1, '{usb}', 'The key of everything', $2)`,
      [user.id, clock.now()],
    ],
    [
      `INSERT INTO auth.authenticator_app (user_id, sealed_secret, created_at) VALUES ($1, 'sealed of everything', $2)`,
      [user.id, clock.now()],
    ],
    [
      `INSERT INTO auth.recovery_code (user_id, code_hash) VALUES ($1, sha256('a recovery code of everything'))`,
      [user.id],
    ],
    [
      `INSERT INTO auth.staff_invitation (id, email, role, token_hash, invited_by, created_at, expires_at)
       SELECT gen_random_uuid(), email, 'support', sha256('an invitation of everything'), id, $2, $2::timestamptz + interval '7 days'
       FROM auth."user" WHERE id = $1`,
      [user.id, clock.now()],
    ],
    [
      `INSERT INTO billing.checkout_session
         (id, user_id, customer_id, price_id, url, created_at, expires_at, request_digest)
       VALUES ('cs_of_anna', $1, $3, 'price_x', 'https://checkout.example/c/pay/cs_of_anna', $2, $2, '')`,
      [user.id, clock.now(), user.payer.customer],
    ],
    [
      `INSERT INTO billing.deferral (entry_id, user_id, subscription_id, state, planned_at, updated_at)
       SELECT id, user_id, $3, 'planned', $2, $2 FROM credit.entry WHERE user_id = $1 LIMIT 1`,
      [user.id, clock.now(), user.payer.subscription],
    ],
  ];
  for (const [statement, parameters] of rows) await sql.query(statement, parameters);
  // their session has proven the second factor that was added here
  await sql.query(`UPDATE auth.session SET second_factor_at = $2 WHERE user_id = $1`, [user.id, clock.now()]);
  return user;
}
