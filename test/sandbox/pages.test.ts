import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxFixture } from './sandbox-fixture.js';

const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

describe('the pages of the sandbox', () => {
  let sandboxFixture: SandboxFixture;
  beforeAll(async () => {
    sandboxFixture = await SandboxFixture.open();
  });
  afterAll(() => sandboxFixture.close());

  it('the pages of the sandbox say that there is no real money, and allow no script', async () => {
    const answer = await fetch(sandboxFixture.url);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await answer.text();
    expect(html).toContain('never compared with Stripe itself');
    expect(html).toContain('Nothing has happened yet');
    expect(html).not.toContain('<script');
  });

  it('customers read checkout and portal in the language that they chose in the app, or that their browser prefers', async () => {
    const { customer } = await sandboxFixture.subscriber('sprache@example.test');
    const portal = await sandboxFixture.stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: 'http://app.test/',
    });
    const open = await sandboxFixture.checkout({ customer: customer.id });
    const visits: Record<string, string>[] = [
      { cookie: 'tf_lang=de' },
      { 'accept-language': 'fr, de-AT;q=0.9' },
    ];
    for (const headers of visits) {
      const read = async (path: string) =>
        (await fetch(new URL(path, sandboxFixture.url), { headers })).text();
      const [checkout, own] = [await read(`/checkout/${open.id}`), await read(portal.url)];
      expect(checkout).toContain('<html lang="de">');
      expect(checkout).toMatch(/10,00\s\$ bezahlen/);
      expect(own).toContain('Verlängert sich am');
      for (const html of [checkout, own])
        expect(
          /\b(your|billed|every|Pay|Cancel|Renews|paid|active|Invoices)\b/.exec(html)?.[0],
        ).toBeUndefined();
    }
  });

  it('the pages of the sandbox show hostile words as words', async () => {
    const { customer, subscription } = await sandboxFixture.subscriber(HOSTILE);
    await sandboxFixture.stripe.subscriptions.update(subscription.id, { metadata: { note: HOSTILE } });
    const portal = await sandboxFixture.stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: `http://app.test/?q=${HOSTILE}`,
    });
    const open = await sandboxFixture.checkout({
      customer: customer.id,
      cancel_url: `http://app.test/?q=${HOSTILE}`,
    });
    const [updated] = (await sandboxFixture.stripe.events.list({ type: 'customer.subscription.updated' }))
      .data;
    for (const path of ['/', `/events/${updated?.id}`, portal.url, `/checkout/${open.id}`]) {
      const html = await sandboxFixture.page(path);
      expect(html).toContain('&lt;script');
      expect(html).not.toMatch(/<script|<img/);
    }
  });

  it('the pages of the sandbox name the customer of each subscription and payment by e-mail', async () => {
    const { subscription, charge } = await sandboxFixture.subscriber('named@example.test');
    const html = await sandboxFixture.page('/');
    for (const id of [subscription.id, charge.id]) expect(rowOf(id, html)).toContain('named@example.test');
  });

  it('the pages of the sandbox offer what fits, and show what came of a payment below it', async () => {
    const { charge } = await sandboxFixture.subscriber('below@example.test');
    expect(rowOf(charge.id, await sandboxFixture.page('/'))).toContain('value="inquire"');
    await sandboxFixture.submit(`/charges/${charge.id}`, { action: 'inquire' });
    await sandboxFixture.submit(`/charges/${charge.id}`, { action: 'refund_half' });
    const html = await sandboxFixture.page('/');
    expect(rowOf(charge.id, html)).not.toContain('value="inquire"');
    const below = html.slice(html.indexOf(charge.id));
    const [dispute] = (await sandboxFixture.stripe.disputes.list({ charge: charge.id })).data;
    const [refund] = (await sandboxFixture.stripe.refunds.list({ charge: charge.id })).data;
    expect(rowOf(String(dispute?.id), below)).toContain('value="escalate"');
    expect(rowOf(String(refund?.id), below)).toContain('value="fail"');
    const unfit = await sandboxFixture.submit(`/disputes/${dispute?.id}`, { action: 'appeal' });
    expect(unfit.status).toBe(400);
  });

  it('the pages of the sandbox let faults be set, and all be switched off', async () => {
    const set = { action: 'set', duplicate: '0', delayMs: '0', dropPercent: '100', reorder: 'true' };
    expect((await sandboxFixture.submit('/faults', set)).status).toBe(303);
    await sandboxFixture.stripe.customers.create();
    const html = await sandboxFixture.page('/');
    expect(html).toContain('out of order, 100 % lost');
    expect(html).toContain('Send 1 undelivered');
    await sandboxFixture.submit('/faults', { action: 'off' });
    await sandboxFixture.submit('/faults', { action: 'send' });
    const after = await sandboxFixture.page('/');
    expect(after).toContain('as it should be');
    expect(after).not.toContain('undelivered');
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another origin', { origin: 'http://evil.test' }],
    ['nowhere', { origin: 'null' }],
  ])('the pages of the sandbox refuse a form from %s', async (_where, headers) => {
    const { subscription } = await sandboxFixture.subscriber();
    const answer = await sandboxFixture.submit(
      `/subscriptions/${subscription.id}`,
      { action: 'cancel' },
      headers,
    );
    expect(answer.status).toBe(403);
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });

  it('the pages of the sandbox answer no foreign name that points here', async () => {
    const { port } = new URL(sandboxFixture.url);
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) =>
      request({ host: '127.0.0.1', port, headers: { host: 'evil.test' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end(),
    );
    expect(status).toBe(421);
  });

  it('the pages of the sandbox lead back to an address with characters that a header cannot carry', async () => {
    const session = await sandboxFixture.checkout({ success_url: 'http://app.test/fertig/ü\r\nx: y' });
    const answer = await sandboxFixture.submit(`/checkout/${session.id}`, {
      email: 'u@example.test',
      card: 'own',
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('http://app.test/fertig/%C3%BCx:%20y');
    expect(answer.headers.get('x')).toBeNull();
  });

  it('the pages of the sandbox let a customer cancel and resume in the portal, but only his own', async () => {
    const { customer, subscription } = await sandboxFixture.subscriber('own@example.test');
    const other = await sandboxFixture.subscriber('other@example.test');
    const { id } = await sandboxFixture.stripe.billingPortal.sessions.create({ customer: customer.id });
    const act = (action: string, whose = subscription.id) =>
      sandboxFixture.submit(`/portal/${id}`, { action, subscription: whose });
    await act('cancel_at_period_end');
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(
      true,
    );
    await act('resume');
    expect((await sandboxFixture.stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(
      false,
    );
    expect((await act('cancel_now', other.subscription.id)).status).toBe(400);
    expect((await sandboxFixture.stripe.subscriptions.retrieve(other.subscription.id)).status).toBe('active');
  });
});

function rowOf(id: string, html: string): string {
  return html.split('<li>').find((row) => row.includes(id)) ?? '';
}
