import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboxRelay } from '../../src/platform/jobs/outbox-relay.js';
import { version } from '../../src/platform/version.js';
import { VerificationService } from '../../src/integrity/verification.service.js';
import type { Person } from '../support/given.js';
import { createWorld, type World } from '../support/world.js';

const token = 'a-token-that-only-prometheus-knows';
let world: World;
let bert: Person;
beforeAll(async () => {
  world = await createWorld({ metricsToken: token, baseUrl: 'http://localhost:3000' });
  bert = await world.given.userInvitedBy(await world.given.user());
});
afterAll(() => world.close());

/**
 * Every line that is a figure, by its name with its labels. What was read before is not answered
 * again.
 */
async function readMetrics(): Promise<Map<string, number>> {
  world.clock.advance(5 * 60_000);
  const { payload } = await world.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
  const lines = payload.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

async function readMetric(name: string): Promise<number | undefined> {
  return (await readMetrics()).get(name);
}

it('say which release the process runs', async () => {
  expect(await readMetric(`twofold_build_info{version="${version}"}`)).toBe(1);
});

describe('access to metrics', () => {
  const ask = (headers: Record<string, string> = {}, remoteAddress = '203.0.113.9') =>
    world.app.inject({ url: '/metrics', remoteAddress, headers });

  it('metrics are for this machine and for clients with the token', async () => {
    expect((await ask({}, '127.0.0.1')).statusCode).toBe(200);
    expect((await ask({ authorization: `Bearer ${token}` })).statusCode).toBe(200);
  });

  it.each([
    ['a client without the token gets 404', {}],
    ['a client with another token gets 404', { authorization: 'Bearer another-token-of-some-length' }],
    ['a client with the start of the token gets 404', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['no user', { authorization: 'Bearer of-a-session' }],
  ])('%s', async (_who, headers) => {
    const answer = await ask(headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.body).not.toContain('twofold_');
  });

  it('without a token other clients get 404, and a proxy on this machine counts as another client', async () => {
    const closed = await createWorld({ baseUrl: 'http://localhost:3000' });
    const answers = await Promise.all([
      closed.app.inject({ url: '/metrics', remoteAddress: '203.0.113.9' }),
      closed.app.inject({
        url: '/metrics',
        remoteAddress: '127.0.0.1',
        headers: { 'x-forwarded-for': '203.0.113.9' },
      }),
    ]);
    await closed.close();
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404]);
  });
});

describe('requests', () => {
  it('requests are counted by the pattern of their route, never by their address', async () => {
    const seen = 'twofold_http_request_duration_seconds_count';
    const route = `{method="GET",route="/api/v1/referral/codes/:code",status="2xx"}`;
    const before = await readMetrics();
    await world.app.inject({ url: '/api/v1/referral/codes/SOMEBODY' });
    await world.app.inject({ url: '/api/v1/referral/codes/ELSE?email=anna@example.org' });
    await world.app.inject({ url: '/no/such/page-of-anna' });
    const after = await readMetrics();
    const more = (labels: string) =>
      (after.get(`${seen}${labels}`) ?? 0) - (before.get(`${seen}${labels}`) ?? 0);
    expect(more(route)).toBe(2);
    expect(more(`{method="GET",route="none",status="4xx"}`)).toBe(1);
    expect([...after.keys()].join()).not.toMatch(/SOMEBODY|ELSE|anna/);
  });
});

describe('payments', () => {
  it('payments are counted once committed: the delivery, the conversion, each entry by its kind', async () => {
    const before = await readMetrics();
    const paid = world.when.invoicePaid(bert);
    await world.when.stripeSends(paid);
    await world.when.stripeSends(paid);
    const after = await readMetrics();
    const more = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(more('twofold_stripe_deliveries_total{outcome="applied"}')).toBe(1);
    expect(more('twofold_stripe_deliveries_total{outcome="duplicate"}')).toBe(1);
    expect(more('twofold_conversions_total')).toBe(1);
    expect(more('twofold_credit_entries_total{kind="referral_referrer"}')).toBe(1);
    expect(more('twofold_credit_entries_total{kind="referral_referred"}')).toBe(1);
    expect(after.get('twofold_credit_accounts')).toBe(2);
    expect(after.get('twofold_credit_liability_days')).toBeCloseTo(90, 1);
  });

  it('what was rolled back is not counted', async () => {
    const carl = await world.given.userInvitedBy(bert);
    const before = await readMetric('twofold_conversions_total');
    await world.sql.query(
      `ALTER TABLE billing.inbox ADD CONSTRAINT nothing_new CHECK (event_id = '') NOT VALID`,
    );
    await world.when.pays(carl);
    await world.sql.query(`ALTER TABLE billing.inbox DROP CONSTRAINT nothing_new`);
    expect(await readMetric('twofold_conversions_total')).toBe(before);
    await world.when.pays(carl);
    expect(await readMetric('twofold_conversions_total')).toBe((before ?? 0) + 1);
  });
});

describe('waiting work', () => {
  it.each(['parked', 'failed', 'dead'])(
    'metrics show %s events, and the age of the oldest',
    async (status) => {
      await world.sql.query(
        `INSERT INTO billing.inbox (event_id, type, created_at, received_at, status, waiting_key, digest, payload)
       SELECT 'evt_' || $1 || n, 'invoice.paid', $2::timestamptz, $2::timestamptz - n * interval '1 minute', $1,
         CASE WHEN $1 = 'parked' THEN 'cus_x' END, '', '{}' FROM generate_series(1, 3) n`,
        [status, world.clock.now()],
      );
      const seen = await readMetrics();
      expect(seen.get(`twofold_inbox_events{status="${status}"}`)).toBe(3);
      expect(seen.get(`twofold_inbox_oldest_seconds{status="${status}"}`)).toBe(8 * 60);
      await world.sql.query(`DELETE FROM billing.inbox WHERE event_id LIKE 'evt_' || $1 || '%'`, [status]);
      expect(await readMetric(`twofold_inbox_oldest_seconds{status="${status}"}`)).toBe(0);
    },
  );

  it('metrics show event handler jobs in the outbox', async () => {
    await world.runHandlers();
    expect(await readMetric('twofold_outbox_jobs{lane="sign-in",state="waiting"}')).toBe(0);
    await world.app.inject({
      method: 'POST',
      url: '/api/v1/auth/challenges',
      payload: { email: 'dora@example.org' },
    });
    await world.sql.query(`UPDATE platform.outbox SET published_at = now() - interval '2 hours'`);
    const published = await readMetrics();
    expect(published.get('twofold_outbox_jobs{lane="outbox",state="waiting"}')).toBe(1);
    expect(
      published.get('twofold_outbox_oldest_seconds{lane="outbox",state="waiting"}'),
    ).toBeGreaterThanOrEqual(7_200);
    await world.app.get(OutboxRelay, { strict: false }).moveAll();
    await world.sql.query(
      `UPDATE pgboss.job SET created_on = now() - interval '1 hour' WHERE state = 'created'`,
    );
    const seen = await readMetrics();
    expect(seen.get('twofold_outbox_jobs{lane="sign-in",state="waiting"}')).toBe(1);
    expect(seen.get('twofold_outbox_oldest_seconds{lane="sign-in",state="waiting"}')).toBeGreaterThanOrEqual(
      3_600,
    );
    await world.runHandlers();
    const after = await readMetrics();
    expect(after.get('twofold_outbox_jobs{lane="outbox",state="waiting"}')).toBe(0);
    expect(after.get('twofold_outbox_jobs{lane="sign-in",state="waiting"}')).toBe(0);
    const ran = 'event="auth.challenge_issued",handler="emailSignInCode",result="done"';
    expect(after.get(`twofold_event_handler_duration_seconds_count{${ran}}`)).toBeGreaterThan(0);
  });

  it('metrics show requests that wait for a connection', async () => {
    const seen = await readMetrics();
    expect(seen.get('twofold_pool_limit')).toBe(world.config.databasePoolMax);
    expect(seen.get('twofold_pool_waiting')).toBe(0);
    expect(seen.get('twofold_pool_connections{state="idle"}')).toBeGreaterThan(0);
  });
});

describe('the ledger', () => {
  const verify = () => world.app.get(VerificationService, { strict: false }).runAndRecord();

  it('verification metrics are absent before the first verification', async () => {
    expect(await readMetric('twofold_verify_age_seconds')).toBeUndefined();
  });

  it('verification metrics show a clean verification and its age', async () => {
    await verify();
    world.clock.advance(3_600_000);
    const seen = await readMetrics();
    expect(seen.get('twofold_verify_age_seconds')).toBe(3_600 + 300);
    expect(seen.get('twofold_verify_discrepancies')).toBe(0);
  });

  it('verification metrics show discrepancies, with an alert', async () => {
    await world.sql.query(`UPDATE credit.account SET until = until + interval '1 day' WHERE user_id = $1`, [
      bert.id,
    ]);
    await verify();
    const seen = await readMetrics();
    expect(seen.get('twofold_verify_discrepancies')).toBe(1);
    expect(seen.get('twofold_alerts_total{name="verify.discrepancies"}')).toBe(1);
    await world.sql.query(`UPDATE credit.account SET until = until - interval '1 day' WHERE user_id = $1`, [
      bert.id,
    ]);
    await verify();
    expect(await readMetric('twofold_verify_discrepancies')).toBe(0);
  });
});

describe('asking', () => {
  it('a second scrape soon after reads nothing again', async () => {
    const ask = () => world.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
    await readMetrics();
    await world.sql.query(`UPDATE billing.inbox SET status = 'dead', waiting_key = NULL, payload = '{}'`);
    expect((await ask()).payload).toContain('twofold_inbox_events{status="dead"} 0');
    world.clock.advance(10_000);
    expect((await ask()).payload).not.toContain('twofold_inbox_events{status="dead"} 0');
  });

  it('a scrape continues where a table cannot be read, reports it, and recovers', async () => {
    await world.sql.query(`ALTER TABLE billing.inbox RENAME TO inbox_elsewhere`);
    const broken = await readMetrics();
    expect(broken.get('twofold_metrics_source_up{source="inbox"}')).toBe(0);
    expect(broken.get('twofold_metrics_source_up{source="outbox"}')).toBe(1);
    expect(broken.has('twofold_inbox_events{status="dead"}')).toBe(false);
    expect(broken.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    await world.sql.query(`ALTER TABLE billing.inbox_elsewhere RENAME TO inbox`);
    expect(await readMetric('twofold_metrics_source_up{source="inbox"}')).toBe(1);
  });
});
