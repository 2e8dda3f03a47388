import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/given.js';
import { formFieldValue, createStaff, type Staff } from '../support/staff.js';
import { listResponse, price } from '../support/stripe-responses.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { StripeProxy } from '../support/stripe-proxy.js';
import { createWorld, type World } from '../support/world.js';

describe('amounts of money', () => {
  const stripe = new StripeProxy();
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld({ stripeApiBase: await stripe.start() });
    staff = await createStaff(world);
  });
  afterAll(async () => {
    await world.close();
    await stripe.stop();
  });

  it('amounts of money are shown on the pricing page by Stripe’s own table of decimals', async () => {
    const offers = [
      { currency: 'huf', unit_amount: 399_000 },
      { currency: 'idr', unit_amount: 9_900_000 },
      { currency: 'isk', unit_amount: 50_000 },
      { currency: 'jpy', unit_amount: 500 },
      { currency: 'kwd', unit_amount: 1_500 },
      { currency: 'eur', unit_amount: 450 },
    ];
    stripe.stub = () => listResponse(offers.map((offer) => price(offer)));
    const { body } = await world.app.inject({ url: '/pricing', headers: { accept: 'text/html' } });
    const shown = [...body.matchAll(/<strong>([^<]*)<\/strong>/g)].map(([, text]) =>
      text?.replace(/\s/g, ' '),
    );
    expect(shown.sort()).toEqual(['HUF 3,990', 'IDR 99,000', 'ISK 500', 'KWD 1.500', '¥500', '€4.50']);
  });

  /** A person who paid ten euros. */
  async function payer(): Promise<Person> {
    const person = await world.given.user();
    await world.given.linkCustomer(person);
    const seconds = world.when.seconds;
    const paid = { ...invoice(person.payer, seconds), currency: 'eur' };
    await world.when.stripeSends(event('invoice.paid', paid, seconds));
    return person;
  }

  it.each(['4.00', '4,00', '4', ' 4.0 '])(
    'typed as “%s” into the form that gives days for money are four euros',
    async (amount) => {
      const { id } = await payer();
      const path = `users/${id}/refund-as-credit`;
      const { body } = await staff.page(`${path}?amount=${encodeURIComponent(amount)}`, staff.admin);
      expect(body).toContain('€4.00 equals 12 days of access.');
      const step = body.slice(body.indexOf('id="preview"'));
      const form = Object.fromEntries(
        ['idempotencyKey', 'invoiceId', 'amount', 'days'].map((name) => [name, formFieldValue(step, name)]),
      );
      await staff.submitForm(path, staff.admin, { ...form, reason: 'an outage' });
      const { rows } = await world.sql.query<{ amount: string }>(
        `SELECT g.amount FROM billing.refund_as_credit g JOIN credit.entry e ON e.id = g.entry_id WHERE e.user_id = $1`,
        [id],
      );
      expect(rows.map((row) => Number(row.amount))).toEqual([400]);
    },
  );

  it('amounts of money that are none are refused beside the form, with an example', async () => {
    const { id } = await payer();
    for (const amount of ['x', '-4', '4.005', '4,0,0', '1e3', '0'])
      expect((await staff.page(`users/${id}/refund-as-credit?amount=${amount}`, staff.admin)).body).toContain(
        'such as 4.00',
      );
  });

  it('typed into the editor of terms are units of their currency, and come back as they were typed', async () => {
    const fields = {
      ...{
        referrerDays: '45',
        referredDays: '45',
        holdDays: '0',
        qualifyingPrices: '',
        refundPercent: '100',
      },
      ...{ attribution: 'last_touch', attributionDays: '30', lateClaimDays: '14', budgetDays: '' },
      ...{ 'cap.conversions': '', 'cap.windowDays': '', 'milestone.every': '', 'milestone.days': '' },
      ...{ validFrom: '', validUntil: '', 'minimumAmounts.eur': '4.00', 'minimumAmounts.gbp': '4,00' },
      ...{ 'minimumAmounts.usd': '4,50', 'minimumAmounts.jpy': '500' },
      ...{ 'newMinimum.currency': 'kwd', 'newMinimum.amount': '1.500' },
    };
    const sent = await staff.submitForm('programme/preview', staff.admin, fields);
    const address = String(sent.headers.location).replace('/admin/', '');
    const preview = await staff.page(address, staff.admin);
    const hidden = ['idempotencyKey', 'basedOn'].map((name) => [name, formFieldValue(preview.body, name)]);
    await staff.submitForm('programme', staff.admin, {
      ...fields,
      ...Object.fromEntries(hidden),
      reason: 'spring',
    });
    const { rows } = await world.sql.query(`SELECT minimum_amounts FROM referral.terms WHERE version = 2`);
    expect(rows).toEqual([{ minimum_amounts: { eur: 400, gbp: 400, jpy: 500, kwd: 1500, usd: 450 } }]);
    const editor = await staff.page('programme/new', staff.admin);
    const shown = ['eur', 'gbp', 'jpy', 'kwd', 'usd'].map((currency) =>
      formFieldValue(editor.body, `minimumAmounts.${currency}`),
    );
    expect(shown).toEqual(['4.00', '4.00', '500', '1.500', '4.50']);
  });
});
