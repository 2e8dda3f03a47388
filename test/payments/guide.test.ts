import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createReportsWorld, type ReportsWorld } from './reports-world.js';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/payments.md'), 'utf8');

type Report = (twofold: string, apiKey: string, facts: Record<string, unknown>) => Promise<string>;

let world: ReportsWorld;
let folder: string;
let address: string;
beforeAll(async () => {
  world = await createReportsWorld();
  await world.app.listen({ host: '127.0.0.1', port: 0 });
  address = (await world.app.getUrl()).replace(/\/$/, '');
  folder = mkdtempSync(join(root, 'node_modules/.reporter-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

it('the code of the guide reports a payment and its refund, and says what is wrong', async () => {
  const [, code = ''] = /<!-- snippet: report -->\s+```js\n([^]*?)```/.exec(guide) ?? [];
  writeFileSync(join(folder, 'report.mjs'), code);
  const { reportPayment, reportRefund } = (await import(join(folder, 'report.mjs'))) as Record<
    string,
    Report
  >;
  if (reportPayment === undefined || reportRefund === undefined) throw new Error('The guide has no code');
  const anna = await world.person();
  const bert = await world.person({ invitedBy: { code: anna.code } });
  const now = world.clock.now().getTime();
  const payment = {
    id: 'payment 1/2026',
    userId: bert.externalId,
    cents: 999,
    paidAt: new Date(now).toISOString(),
    from: new Date(now).toISOString(),
    until: new Date(now + 30 * 86_400_000).toISOString(),
  };
  expect(await reportPayment(address, world.key, payment)).toBe('converted');
  expect(await reportPayment(address, world.key, payment)).toBe('already');
  expect(await world.daysOf(anna.externalId)).toEqual([45]);
  await expect(reportPayment(address, world.key, { ...payment, cents: 1 })).rejects.toThrow('amount differs');
  const refund = { id: 'r1', paymentId: payment.id, cents: 999, at: payment.paidAt };
  expect(await reportRefund(address, world.key, refund)).toBe('applied');
  const missing = { ...refund, id: 'r2', paymentId: 'unknown' };
  expect(await reportRefund(address, world.key, missing)).toBe('parked');
});

it('the guide names every event that an adapter reads', () => {
  for (const file of ['paddle', 'lemon-squeezy']) {
    const source = readFileSync(join(root, `src/billing/adapters/${file}.ts`), 'utf8');
    const names = [
      ...source.matchAll(/'((?:transaction|adjustment)\.\w+|(?:order|subscription_payment)_\w+)'/g),
    ];
    expect(names.length).toBeGreaterThan(2);
    for (const [, name = ''] of names)
      expect([
        name,
        guide.includes(name) ||
          guide.includes(`_${name.split('_').at(-1)}`) ||
          guide.includes(`${name.split('.')[0]}.*`),
      ]).toEqual([name, true]);
  }
});
