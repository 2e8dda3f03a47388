import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StatsDto } from '../../src/admin/stats/stats.dto.js';
import type { Person } from '../support/given.js';
import { invoicePayment, paymentFor, refund } from '../support/payment-payloads.js';
import { createStaff, type Staff } from '../support/staff.js';
import { event, invoice } from '../support/stripe-payloads.js';
import { createWorld, type World } from '../support/world.js';

const dayMs = 86_400_000;

/** What the programme brings and costs, from the same ledger that it is paid from. */
describe('the statistics of the programme', () => {
  let world: World;
  let staff: Staff;
  beforeAll(async () => {
    world = await createWorld();
    staff = await createStaff(world);
  });
  afterAll(() => world.close());

  const ask = (query = '', person = staff.support) => staff.api('GET', `stats?${query}`, person);
  const stats = async (query = ''): Promise<StatsDto> => (await ask(query)).json();

  async function pays(person: Person, more: Record<string, unknown> = {}) {
    const at = world.when.seconds;
    const paid = invoice(person.payer, at, more);
    const payment = paymentFor(String(paid.id));
    await world.when.stripeSends(event('invoice.paid', paid, at));
    await world.when.stripeSends(event('invoice_payment.paid', invoicePayment(payment, at), at));
    return payment;
  }

  it('the statistics of the programme are all zero before anything happened, with a step for each day', async () => {
    const empty = await stats('from=2026-01-01&to=2026-01-08');
    expect(empty.series).toHaveLength(7);
    expect(empty).toMatchObject({
      funnel: { signedUp: 0, invited: 0, paid: 0, credited: 0, granted: 0 },
      timeToConvert: { conversions: 0, medianDays: null, p90Days: null, meanDays: null },
      kFactor: { joined: 0, invited: 0, value: null, paying: null },
      cost: { referrer: 0, referred: 0, programme: { days: 0, money: [], daysWithoutPrice: 0 } },
      liability: {
        ahead: { days: 0, people: 0 },
        held: { conversions: 0 },
        pending: { referrals: 0, days: 0 },
      },
      prices: [],
    });
  });

  it('the statistics of the programme count people, days and money as they were reported', async () => {
    const anna = await world.given.user();
    const friends = await Promise.all([1, 2, 3, 4].map(() => world.given.userInvitedBy(anna)));
    const [bert, carl, dora] = friends as [Person, Person, Person];
    await pays(bert);
    world.clock.advance(2 * dayMs);
    const refunded = await pays(carl);
    world.clock.advance(dayMs);
    await world.when.stripeSends(
      event('refund.created', refund(refunded, world.when.seconds), world.when.seconds),
    );
    world.clock.advance(3 * dayMs);
    await pays(dora, { currency: 'eur', amount_paid: 3000 });
    await staff.api('POST', `users/${bert.id}/credit`, staff.admin, { days: 5, reason: 'kind' });

    const figures = await stats('from=2026-11-01&to=2026-11-08');
    expect(figures.funnel).toMatchObject({
      ...{ signedUp: 7, invited: 4, paid: 3, credited: 3, granted: 2 },
      now: { pending: 1, held: 0, converted: 2, suspended: 0, reversed: 1, rejected: 0 },
    });
    expect(figures.series.map(({ converted }) => converted)).toEqual([1, 0, 1, 0, 0, 0, 1]);
    expect(figures.series[3]?.daysTaken).toBeCloseTo(-2 * 45 + 1, 6);
    expect(figures.series.reduce((days, step) => days + step.daysGiven, 0)).toBe(6 * 45 + 5);
    expect(figures.timeToConvert).toMatchObject({ conversions: 3, medianDays: expect.closeTo(2, 3) });
    expect(figures.timeToConvert.within.map(({ conversions }) => conversions)).toEqual([
      1, 1, 1, 0, 0, 0, 0, 0,
    ]);
    expect(figures.kFactor).toMatchObject({ joined: 7, invited: 4, invitedPaying: 3, value: 4 / 7 });
    const { cost, liability } = figures;
    expect(cost.referrer + cost.referred).toBeCloseTo(cost.programme.days, 6);
    expect(cost.programme.days).toBeCloseTo(4 * 45 + 1, 6);
    expect(cost).toMatchObject({ milestones: 0, manual: 5, refundsAsCredit: 0 });
    // $10.00 and €30.00, each for 30 days; the day of Carl's that was used up was of a payment in
    // dollars
    expect(cost.programme.money).toEqual([
      { currency: 'eur', amount: 9000 },
      { currency: 'usd', amount: Math.round((91 * 1000) / 30) },
    ]);
    expect(figures.funnel).toMatchObject({
      creditedDays: 270,
      worth: { days: 270, money: [{ currency: 'usd', amount: 9000 }] },
    });
    const worthOfSteps = figures.series.map(({ worth: { given, taken } }) => [given.money, taken.money]);
    expect(worthOfSteps[0]).toEqual([[{ currency: 'usd', amount: 3000 }], []]);
    expect(worthOfSteps[3]).toEqual([[], [{ currency: 'usd', amount: Math.round((-89 * 1000) / 30) }]]);
    expect(worthOfSteps[6]?.[0]).toEqual([
      { currency: 'eur', amount: 9000 },
      { currency: 'usd', amount: Math.round((5 * 1000) / 30) },
    ]);
    expect(liability.ahead.people).toBe(3);
    expect(liability.pending).toMatchObject({ referrals: 1, days: 90, money: [{ currency: 'usd' }] });
    const ahead = await Promise.all([anna, bert, carl, dora].map((person) => world.see.creditDaysOf(person)));
    expect(liability.ahead.days).toBeCloseTo(
      ahead.reduce((sum, days) => sum + days, 0),
      3,
    );
  });

  it('the statistics of the programme know what is held, and what a milestone gave', async () => {
    const before = await stats();
    await world.given.terms({ hold_days: 30 });
    await pays(await world.given.userInvitedBy(await world.given.user()));
    await world.given.terms({ milestone_every: 1, milestone_days: 7 });
    await pays(await world.given.userInvitedBy(await world.given.user()));
    const now = await stats();
    expect(now.liability.held).toMatchObject({ conversions: 1, days: 90 });
    expect(now.cost.milestones - before.cost.milestones).toBe(7);
    expect(await world.see.discrepancies()).toEqual([]);
  });

  it('the statistics of the programme come in weeks and months, for staff only, and refuse what is no period', async () => {
    expect((await stats('from=2026-10-01&to=2026-11-30&bucket=month')).series.map(({ at }) => at)).toEqual([
      '2026-10-01T00:00:00.000Z',
      '2026-11-01T00:00:00.000Z',
    ]);
    const weeks = await stats('from=2026-10-28&to=2026-11-10&bucket=week');
    expect(weeks.series.map(({ invited }) => invited).reduce((sum, count) => sum + count)).toBe(
      weeks.funnel.invited,
    );
    for (const query of [
      'from=x',
      'bucket=year',
      'from=2026-11-02&to=2026-11-01',
      'from=2020-01-01',
      'more=1',
    ])
      expect([query, (await ask(query)).statusCode]).toEqual([query, 422]);
    expect((await ask('', await world.given.user())).statusCode).toBe(403);
  });
});
