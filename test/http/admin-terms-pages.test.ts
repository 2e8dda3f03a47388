import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formFieldValue, createStaff, type Staff } from '../support/staff.js';
import { createWorld, type World } from '../support/world.js';

const hostile = '"><script>alert(1)</script>';

describe('the console’s forms about terms', () => {
  let world: World;
  let staff: Staff;
  beforeEach(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterEach(() => world.close());

  const fields = {
    ...{ referrerDays: '45', referredDays: '60', holdDays: '0', minimumAmounts: 'EUR 5.00\r\n4,50 usd' },
    ...{ qualifyingPrices: 'price_a, price_b', refundPercent: '100', attribution: 'last_touch' },
    ...{ attributionDays: '30', lateClaimDays: '14', 'cap.conversions': '', 'cap.windowDays': '' },
    ...{ budgetDays: '', 'milestone.every': '', 'milestone.days': '', validFrom: '', validUntil: '' },
  };
  const versions = () => world.see.count(`referral.terms`);
  /** The preview of `more`, and the fields with which it can be published. */
  async function looked(more: Record<string, string> = {}) {
    const sent = await staff.submitForm('programme/preview', staff.admin, { ...fields, ...more });
    expect(sent.statusCode).toBe(303);
    const { body, statusCode } = await staff.page(
      String(sent.headers.location).replace('/admin/', ''),
      staff.admin,
    );
    const hidden = ['idempotencyKey', 'basedOn'].map((name) => [name, formFieldValue(body, name)]);
    return {
      body,
      statusCode,
      form: { ...fields, ...more, ...Object.fromEntries(hidden), reason: 'spring' },
    };
  }

  it('the console’s forms about terms publish what was checked, once for each form', async () => {
    const { body, form } = await looked();
    expect(body).toContain('price_a, price_b');
    expect(await versions()).toBe(1);
    const sent = await Promise.all(
      Array.from({ length: 4 }, () => staff.submitForm('programme', staff.admin, form)),
    );
    expect(sent.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303]);
    expect(sent.map(({ headers }) => headers.location)).toContain('/admin/programme/2?done=published');
    expect(await versions()).toBe(2);
    const { rows } = await world.sql.query(`SELECT * FROM referral.terms WHERE version = 2`);
    expect(rows[0]).toMatchObject({
      ...{ referred_days: 60, minimum_amounts: { eur: 500, usd: 450 }, cap_conversions: null },
      qualifying_prices: ['price_a', 'price_b'],
    });
  });

  it('the console’s forms about terms take moments in UTC, and warn of planned terms that would never be in force', async () => {
    const { form } = await looked({ validFrom: '2026-12-01T09:00', validUntil: '2026-12-24T18:00' });
    await staff.submitForm('programme', staff.admin, form);
    const { rows } = await world.sql.query(
      `SELECT valid_from, valid_until FROM referral.terms WHERE version = 2`,
    );
    expect(rows[0]).toEqual({
      valid_from: new Date('2026-12-01T09:00:00Z'),
      valid_until: new Date('2026-12-24T18:00:00Z'),
    });
    expect((await looked()).body).toContain('Version 2 is planned and would never be in force');
    expect((await looked({ validUntil: '2026-11-20T00:00' })).body).not.toContain('would never be in force');
  });

  it('the console’s forms about terms show again what changed since, and publish nothing unseen', async () => {
    const { form } = await looked();
    const other = await looked({ referredDays: '10' });
    await staff.submitForm('programme', staff.admin, other.form);
    const answer = await staff.submitForm('programme', staff.admin, form);
    expect([answer.statusCode, answer.body]).toEqual([
      409,
      expect.stringContaining('Another version was published in the meantime'),
    ]);
    expect([formFieldValue(answer.body, 'basedOn'), await versions()]).toEqual(['2', 2]);
    const again = { ...form, basedOn: '2', idempotencyKey: formFieldValue(answer.body, 'idempotencyKey') };
    expect((await staff.submitForm('programme', staff.admin, again)).statusCode).toBe(303);
    expect(await versions()).toBe(3);
  });

  it('the console’s forms about terms go back to the editor with every problem beside its field, and keep what was written', async () => {
    const wrong = {
      referrerDays: '',
      minimumAmounts: `EUR five\n${hostile}`,
      'cap.windowDays': '30',
      validFrom: 'soon',
    };
    const { body, statusCode } = await looked(wrong);
    expect(statusCode).toBe(422);
    for (const id of ['referrerDays', 'minimumAmounts', 'cap-conversions', 'validFrom'])
      expect(body).toContain(`id="${id}-error"`);
    expect(body).not.toContain('<script>alert');
    expect(body).toContain('EUR five\n&quot;>&lt;script');
    expect(
      (
        await staff.submitForm('programme', staff.admin, {
          ...fields,
          ...wrong,
          reason: 'x',
          idempotencyKey: 'k',
        })
      ).statusCode,
    ).toBe(422);
    expect(await versions()).toBe(1);
  });

  it('the console’s forms about terms show a draft that is too long for an address as an answer to its form', async () => {
    const long = {
      ...fields,
      qualifyingPrices: Array.from({ length: 99 }, (_, n) => `price_${'x'.repeat(80)}${n}`).join(' '),
    };
    for (const path of ['programme/preview', 'programme/edit']) {
      const { statusCode, body } = await staff.submitForm(path, staff.admin, long);
      expect([path, statusCode, body.includes('x'.repeat(80))]).toEqual([path, 200, true]);
    }
  });

  it('the console’s forms about terms want a reason, the form’s own key and token, and an admin', async () => {
    const { form } = await looked();
    const noReason = await staff.submitForm('programme', staff.admin, { ...form, reason: ' ' });
    expect([noReason.statusCode, noReason.body]).toEqual([422, expect.stringContaining('Enter a reason')]);
    expect(
      (await staff.submitForm('programme', staff.admin, { ...form, idempotencyKey: '' })).statusCode,
    ).toBe(422);
    for (const path of ['programme', 'programme/preview', 'programme/edit'])
      expect([path, (await staff.submitForm(path, staff.support, form)).statusCode]).toEqual([path, 403]);
    const foreign = await world.app.inject({
      method: 'POST',
      url: '/admin/programme',
      payload: new URLSearchParams(form).toString(),
      headers: {
        cookie: `tf_session=${staff.admin.token}`,
        origin: 'http://elsewhere.test',
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    expect(foreign.statusCode).toBe(403);
    expect(await versions()).toBe(1);
  });

  it('the console’s forms about terms are pages that support may read, and no one else', async () => {
    const { form } = await looked();
    await staff.submitForm('programme', staff.admin, { ...form, reason: hostile });
    for (const path of [
      'programme',
      'programme/2',
      'programme/diff',
      'programme/diff?from=2&to=1',
      'stats',
    ]) {
      const page = await staff.page(path, staff.support);
      expect([path, page.statusCode]).toEqual([path, 200]);
      expect(page.body).not.toContain('<script>alert');
      expect((await staff.page(path, await world.given.user())).statusCode).toBe(403);
    }
    expect((await staff.page('programme', staff.support)).body).not.toContain('New version');
    expect((await staff.page('programme/new', staff.support)).statusCode).toBe(403);
    for (const path of ['programme/9', 'programme/x', 'programme/diff?from=9'])
      expect([path, (await staff.page(path, staff.admin)).statusCode]).toEqual([path, 404]);
    expect((await staff.page('stats?from=x', staff.admin)).statusCode).toBe(422);
  });
});
