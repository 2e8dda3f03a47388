import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InstallationChecks } from '../../src/admin/index.js';
import { wordCheckResult } from '../../src/platform/check-result.js';
import { getTranslator } from '../../src/platform/i18n/translations.js';
import { inEnglish } from '../support/in-english.js';
import { createStaff, type Staff } from '../support/staff.js';
import { StripeEndpoints } from '../support/stripe-endpoints.js';
import { createWorld, type World } from '../support/world.js';

/** What admins see of the installation in the console, and mend there. */
const stripe = new StripeEndpoints('http://twofold.test');
const { endpoints } = stripe;
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
let world: World;
let staff: Staff;
beforeAll(async () => {
  world = await createWorld({ stripeApiBase: await stripe.open() });
  staff = await createStaff(world);
});
afterAll(async () => {
  await world.close();
  stripe.close();
});
beforeEach(() => {
  endpoints.splice(0);
  world.clock.advance(60_000); // limits begin again
});

describe('the checks', () => {
  it('run in the background, and their findings stand on the overview with their time', async () => {
    expect((await staff.page('', staff.support)).body).toContain('They have not run yet.');
    await world.app.get(InstallationChecks, { strict: false }).run();
    const overview = await staff.page('', staff.support);
    expect(overview.body).toContain('checks need attention');
    expect(overview.body).toContain(world.clock.now().toISOString());
    const page = await staff.page('installation', staff.support);
    expect(page.body).toContain('all are applied');
    expect(page.body).not.toContain('installation/check'); // support changes nothing
  });

  it('are shown in the language of the reader, on the overview and on their page', async () => {
    const german = (await createStaff(world, 'de')).support;
    const report = await world.app.get(InstallationChecks, { strict: false }).latest();
    const findings = report?.findings ?? [];
    expect(new Set(findings.map(({ level }) => level))).toContain('warning');
    const overview = (await staff.page('', german)).body;
    const page = (await staff.page('installation', german)).body;
    for (const finding of findings) {
      const { check, seen, advice } = wordCheckResult(getTranslator('de'), finding);
      for (const text of [check, seen, advice]) expect(page).toContain(escaped(text));
      if (finding.level !== 'ok') expect(overview).toContain(escaped(seen));
      const english = inEnglish(finding);
      for (const text of [english.seen, english.advice].filter((one) => one !== ''))
        expect(`${overview} ${page}`).not.toContain(escaped(text));
    }
  });

  it('of an earlier version, which are English texts, are not shown until the next run', async () => {
    await world.sql.query(`UPDATE admin.installation_report SET findings = $1`, [
      JSON.stringify([{ check: 'jobs', level: 'warning', seen: 'there are no queues yet', advice: 'Run' }]),
    ]);
    const { statusCode, body } = await staff.page('', staff.support);
    expect([statusCode, body.includes('They have not run yet.')]).toEqual([200, true]);
    await world.app.get(InstallationChecks, { strict: false }).run();
    expect((await staff.page('', staff.support)).body).toContain('checks need attention');
  });

  it('run at once for an admin, who finds the newest result', async () => {
    const checked = await staff.submitForm('installation/check', staff.admin, {});
    expect([checked.statusCode, checked.headers.location]).toEqual([303, '/admin/installation?done=checked']);
    const { rows } = await world.sql.query<{ checked_at: Date }>(
      `SELECT checked_at FROM admin.installation_report`,
    );
    expect(rows.map(({ checked_at: at }) => at)).toEqual([world.clock.now()]);
    expect((await staff.submitForm('installation/check', staff.support, {})).statusCode).toBe(403);
  });
});

describe('the test email', () => {
  it('goes to the admin who asks', async () => {
    const sent = await staff.submitForm('installation/test-email', staff.admin, {});
    expect(sent.headers.location).toBe('/admin/installation?done=emailed');
    const count = await world.see.count(
      `notifications.captured_email WHERE recipient = $1 AND id LIKE 'test-email:%'`,
      [staff.admin.email],
    );
    expect(count).toBe(1);
  });

  it('is limited', async () => {
    for (let sent = 0; sent < 10; sent++) await staff.submitForm('installation/test-email', staff.admin, {});
    expect((await staff.submitForm('installation/test-email', staff.admin, {})).statusCode).toBe(429);
  });
});

describe('the webhook endpoint', () => {
  const plan = () => staff.page('installation/stripe-endpoint', staff.admin);
  const setUp = (planned: string) =>
    staff.submitForm('installation/stripe-endpoint', staff.admin, { planned });

  it('is planned without a change, then made, with its secret shown this once', async () => {
    const planned = await plan();
    expect(planned.body).toContain('A new one would be made');
    expect(endpoints).toEqual([]);
    const done = await setUp('created');
    expect([
      done.body.includes('STRIPE_WEBHOOK_SECRET=whsec_shown_once'),
      done.headers['cache-control'],
    ]).toEqual([true, 'no-store']);
    expect(endpoints).toEqual([stripe.endpoint({ id: 'we_1' })]);
    const { rows } = await world.sql.query<{ details: object; actor_id: string }>(
      `SELECT details, actor_id FROM platform.audit WHERE action = 'billing.webhook_endpoint_set_up'`,
    );
    expect(rows).toEqual([
      {
        actor_id: staff.admin.id,
        details: expect.objectContaining({ outcome: 'created', endpointId: 'we_1' }),
      },
    ]);
    expect((await plan()).body).toContain('There is nothing to do.');
  });

  it('is not made twice by two admins at once', async () => {
    const answers = await Promise.all([setUp('created'), setUp('created')]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 429]);
    expect(endpoints).toHaveLength(1);
  });

  it('that is disabled is said to be so, and enabled only by who saw that', async () => {
    endpoints.push(stripe.endpoint({ status: 'disabled' }));
    expect((await plan()).body).toContain('Stripe sends it nothing');
    await setUp('created');
    expect(endpoints[0]?.status).toBe('disabled');
    world.clock.advance(60_000);
    expect((await setUp('disabled')).body).toContain('is enabled again');
    expect(endpoints[0]?.status).toBe('enabled');
  });

  it('is for admins only', async () => {
    expect((await staff.page('installation/stripe-endpoint', staff.support)).statusCode).toBe(403);
    const refused = await staff.submitForm('installation/stripe-endpoint', staff.support, {});
    expect([refused.statusCode, endpoints.length]).toEqual([403, 0]);
  });
});
