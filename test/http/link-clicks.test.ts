import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { registry } from '../../src/platform/observability/metrics/process-metrics.js';
import { ClickCounter } from '../../src/referral/attribution/click-counter.js';
import { holdLock } from '../support/held-lock.js';
import { createWorld, type World } from '../support/world.js';

let world: World;
let counter: ClickCounter;
let code: string;
beforeAll(async () => {
  world = await createWorld();
  counter = world.app.get(ClickCounter, { strict: false });
});
afterAll(() => world.close());
beforeEach(async () => {
  code = await world.given.referralCodeOf(await world.given.user());
});

const follow = (channel: string) =>
  world.app.inject({
    url: `/r/${code}?c=${channel}`,
    headers: { 'user-agent': 'Mozilla/5.0', accept: 'text/html' },
  });
const clicksOf = async (of: string) => {
  const { rows } = await world.sql.query<{ clicks: number }>(
    `SELECT clicks FROM referral.link_click WHERE code = $1`,
    [of],
  );
  return rows.map(({ clicks }) => clicks);
};
const lostClicks = async () => {
  const alerts = await registry.getSingleMetric('twofold_alerts_total')?.get();
  return alerts?.values.find(({ labels }) => labels.name === 'link_click.not_counted')?.value ?? 0;
};

it('many clicks of one link at once wait for no count, and are all counted', async () => {
  await follow('x');
  await counter.settle();
  const row = await holdLock(world.sql, `SELECT 1 FROM referral.link_click WHERE code = $1 FOR UPDATE`, [
    code,
  ]);
  const pages = await Promise.all(Array.from({ length: 500 }, (_, n) => follow(n % 2 === 0 ? 'x' : 'qr')));
  expect(new Set(pages.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect(await clicksOf(code)).toEqual([1]);
  await row.release();
  await counter.settle();
  expect(await clicksOf(code)).toEqual([501]);
  const { rows } = await world.sql.query(
    `SELECT channel, clicks FROM referral.channel_click WHERE code = $1 ORDER BY channel`,
    [code],
  );
  expect(rows).toEqual([
    { channel: 'qr', clicks: 250 },
    { channel: 'x', clicks: 251 },
  ]);
});

it('clicks that cannot be stored are kept until they can', async () => {
  const rename = (from: string, to: string) =>
    world.sql.query(`ALTER FUNCTION referral.${from}(jsonb) RENAME TO ${to}`);
  await rename('count_clicks', 'count_no_clicks');
  counter.record(code, null);
  await new Promise((done) => setTimeout(done, 200));
  counter.record(code, null);
  await rename('count_no_clicks', 'count_clicks');
  await counter.settle();
  expect(await clicksOf(code)).toEqual([2]);
});

it('a code that is gone by then counts nothing, and the others do', async () => {
  counter.record('GONE0000', 'x');
  counter.record(code, 'x');
  await counter.settle();
  expect([await clicksOf('GONE0000'), await clicksOf(code)]).toEqual([[], [1]]);
});

it('what is counted by several processes at once never waits in a circle', async () => {
  const codes = [code];
  for (let n = 0; n < 4; n++) codes.push(await world.given.referralCodeOf(await world.given.user()));
  const counts = codes.flatMap((one) =>
    ['x', 'qr'].map((channel) => ({ code: one, day: '2026-06-01', channel, clicks: 1 })),
  );
  const count = (list: object[]) =>
    world.sql.query(`SELECT referral.count_clicks($1)`, [JSON.stringify(list)]);
  await Promise.all(
    Array.from({ length: 100 }, (_, n) => count(n % 2 === 0 ? counts : [...counts].reverse())),
  );
  for (const one of codes) expect(await clicksOf(one)).toEqual([200]);
});

it('a process keeps no more than ten thousand links in mind, and says what it does not count', async () => {
  const before = await lostClicks();
  for (let n = 0; n < 10_003; n++) counter.record(`NONE${n}`, null);
  await counter.settle();
  expect(await lostClicks()).toBe(before + 3);
});

it('clicks are stored before the process ends', async () => {
  const ending = await createWorld();
  const shared = await ending.given.referralCodeOf(await ending.given.user());
  ending.app.get(ClickCounter, { strict: false }).record(shared, 'x');
  await ending.app.close();
  expect(await ending.see.count(`referral.link_click WHERE code = $1 AND clicks = 1`, [shared])).toBe(1);
  await ending.close();
});
