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
    ...{ referrerDays: '45', referredDays: '60', holdDays: '0', 'minimumAmounts.eur': '5.00' },
    ...{ 'newMinimum.currency': 'usd', 'newMinimum.amount': '4,50' },
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
      'minimumAmounts.eur': hostile,
      'newMinimum.currency': '<x>',
      'cap.windowDays': '30',
      validFrom: 'soon',
    };
    const { body, statusCode } = await looked(wrong);
    expect(statusCode).toBe(422);
    for (const id of ['referrerDays', 'minimumAmounts-eur', 'newMinimum', 'cap-conversions', 'validFrom'])
      expect(body).toContain(`id="${id}-error"`);
    expect(body).not.toContain('<script>alert');
    for (const href of ['#minimumAmounts-eur', '#newMinimum']) expect(body).toContain(`href="${href}"`);
    expect(body).toContain('value="&quot;>&lt;script');
    expect(body).toContain('value="&lt;X>"');
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

  it('the console’s forms about terms add one currency after another, and remove one whose amount is emptied', async () => {
    const add = async (more: Record<string, string>) => {
      const sent = await staff.submitForm('programme/preview', staff.admin, {
        ...{ ...fields, 'newMinimum.currency': '', 'newMinimum.amount': '', addCurrency: '1' },
        ...more,
      });
      const address = String(sent.headers.location);
      expect(address).toMatch(/^\/admin\/programme\/edit\?.*#newMinimum$/);
      return (await staff.page(address.replace(/^\/admin\/|#.*/g, ''), staff.admin)).body;
    };
    const names = (body: string) =>
      [...body.matchAll(/name="(minimumAmounts\.[a-z]+)"/g)].map(([, name]) => name);
    const one = await add({ 'newMinimum.currency': 'usd', 'newMinimum.amount': '4,50' });
    expect(names(one)).toEqual(['minimumAmounts.eur', 'minimumAmounts.usd']);
    expect(formFieldValue(one, 'minimumAmounts.usd')).toBe('4,50');
    expect([formFieldValue(one, 'newMinimum.currency'), formFieldValue(one, 'newMinimum.amount')]).toEqual([
      '',
      '',
    ]);
    const three = await add({
      ...{ 'minimumAmounts.usd': '4,50', 'newMinimum.currency': 'JPY', 'newMinimum.amount': '500' },
    });
    expect(names(three)).toEqual(['minimumAmounts.eur', 'minimumAmounts.usd', 'minimumAmounts.jpy']);
    expect(names(await add({ 'minimumAmounts.eur': '' }))).toEqual([]);
    const { body } = await looked({
      'minimumAmounts.eur': '',
      'newMinimum.currency': 'JPY',
      'newMinimum.amount': '500',
    });
    expect(body).toContain('¥500');
    expect(body).not.toContain('€5.00');
  });

  it.each([
    [
      'a decimal in yen',
      { 'newMinimum.currency': 'JPY', 'newMinimum.amount': '5.50' },
      'minimumAmounts-jpy',
      /JPY has no decimals/,
    ],
    ['two readings', { 'minimumAmounts.eur': '1.234' }, 'minimumAmounts-eur', /can be read in two ways/],
    ['another currency', { 'minimumAmounts.eur': '$5' }, 'minimumAmounts-eur', /without another currency/],
    ['nothing', { 'minimumAmounts.eur': '0' }, 'minimumAmounts-eur', /must be from 0\.01/],
    ['a currency without an amount', { 'newMinimum.amount': '' }, 'newMinimum', /amount in USD must be/],
    ['an amount without a currency', { 'newMinimum.currency': '' }, 'newMinimum', /is not a currency/],
    ['an unknown currency', { 'newMinimum.currency': 'XYZ' }, 'newMinimum', /“XYZ” is not a currency/i],
    ['a currency twice', { 'newMinimum.currency': 'EUR' }, 'newMinimum', /one amount per currency/],
  ])(
    'the console’s forms about terms say beside its field what is wrong with %s',
    async (_, wrong, id, text) => {
      const { body, statusCode } = await looked(wrong as Record<string, string>);
      expect(statusCode).toBe(422);
      const [, error = ''] = new RegExp(`id="${id}-error">([^<]*)<`).exec(body) ?? [];
      expect(error).toMatch(text);
      expect(body.match(/class="field-error"/g)).toHaveLength(1);
      for (const value of Object.values(wrong)) expect(body).toContain(value);
    },
  );

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
