import { expect, it } from 'vitest';
import type { RewardModel } from '../../referral/index.js';
import { homePage } from './home-page.js';
import { pricingPage, type PlanModel, type PricingPageModel } from './pricing-page.js';

const hostile = '"><script>alert(1)</script>';
const reward: RewardModel = {
  ...{ referrerDays: 45, referredDays: 45, holdDays: 0, minimumAmounts: {}, qualifyingPrices: [] },
  ...{ unavailable: null, reachedCap: null },
};
const invitation: NonNullable<PricingPageModel['invitation']> = {
  invitedBy: { label: 'Anna' },
  reward: {
    ...{
      status: 'promised',
      days: 45,
      promisedDays: 45,
      holdDays: 0,
      worth: null,
      usefulDays: [],
      arrivesAt: null,
      qualifyingPrices: [],
      why: null,
      next: null,
    },
    text: 'You get 45 days of paid access.',
  },
};
const viewer = { label: 'Anna', role: 'user' as const, csrf: 'token' };
const plan: PlanModel = {
  priceId: 'price_month',
  name: 'Pro',
  nickname: null,
  currency: 'eur',
  unitAmount: 900,
  usageType: 'licensed',
  interval: 'month',
  intervalCount: 1,
  usefulDays: null,
};
const pricing = (over: Partial<PricingPageModel> = {}, locale = 'en') =>
  pricingPage(
    {
      viewer,
      reward,
      plans: [plan],
      subscribed: false,
      subscribedPriceId: null,
      otherProvider: null,
      invitation: null,
      delivery: 'overlay',
      cancelled: false,
      problem: null,
      ...over,
    },
    locale,
  );

it('the first page and the plans promise days of paid access, never a discount', () => {
  for (const page of [homePage({ viewer: null, reward }), pricing()]) {
    expect(page).toContain('45 days of paid access');
    expect(page).not.toMatch(/50\s?%|% off/);
  }
});

it('the words follow the terms, also where the two sides differ', () => {
  const page = homePage({
    viewer: null,
    reward: { ...reward, referrerDays: 30, referredDays: 14 },
  });
  expect(page).toContain('you get 30 days of paid access and they get 14 days of paid access');
  expect(page).not.toContain('45');
});

it('a code typed on the first page leads to sign-in', () =>
  expect(homePage({ viewer: null, reward })).toMatch(/<form method="get" action="\/login"[\s\S]*name="ref"/));

it('a person who is signed in can subscribe', () => {
  const page = pricing();
  expect(page).toMatch(
    /action="\/billing\/checkout"[\s\S]*name="_csrf" value="token"[\s\S]*value="price_month"/,
  );
  expect(page).toContain('€9.00');
});

it('prices of one product have names and buttons of their own, in both languages', () => {
  const yearly: PlanModel = { ...plan, priceId: 'price_year', interval: 'year' };
  const quarterly: PlanModel = { ...plan, priceId: 'price_3', intervalCount: 3 };
  const own: PlanModel = { ...plan, priceId: 'price_team', nickname: 'Team' };
  const plans = [plan, yearly, quarterly, own, { ...own, nickname: 'Pro' }];
  const headings = (page: string) => [...page.matchAll(/<h2>([^<]*)/g)].map(([, heading]) => heading);
  expect(headings(pricing({ plans }))).toEqual([
    ...['Pro, monthly', 'Pro, yearly', 'Pro, every 3 months', 'Pro, Team', 'Pro'],
  ]);
  expect(pricing({ plans })).toContain('Subscribe<span class="visually-hidden">: Pro, yearly</span>');
  expect(headings(pricing({ plans }, 'de')).slice(0, 3)).toEqual([
    ...['Pro, monatlich', 'Pro, jährlich', 'Pro, alle 3 Monate'],
  ]);
});

it('a visitor is asked to sign in first, and comes back', () => {
  const page = pricing({ viewer: null });
  expect(page).toContain('href="/login?next=%2Fpricing"');
  expect(page).not.toContain('/billing/checkout');
});

it('a subscriber is led to the portal, not to a second subscription', () => {
  const page = pricing({ subscribed: true, subscribedPriceId: 'price_month' });
  expect(page).toContain('action="/billing/portal"');
  expect(page).not.toContain('/billing/checkout');
});

it('a subscriber of another processor is led there, not to the portal or a second subscription', () => {
  const subscribed = (otherProvider: string) => pricing({ subscribed: true, otherProvider });
  expect(subscribed('paddle')).toContain('Paddle charges you for your subscription');
  expect(subscribed('paddle')).toContain('href="https://paddle.net"');
  expect(subscribed('lemon-squeezy')).toContain('Lemon Squeezy charges you');
  expect(subscribed('app-store')).toContain('where you pay for it');
  for (const page of ['paddle', 'lemon-squeezy', 'app-store'].map(subscribed)) {
    expect(page).not.toContain('/billing/');
    expect(page).toContain('€9.00');
  }
});

it('an invited visitor sees the invitation with the plans', () =>
  expect(pricing({ invitation })).toContain('Anna invited you. You get 45 days of paid access.'));

it('an invited visitor reads what the days are worth with each plan, by how credit is delivered', () => {
  const plans = [{ ...plan, usefulDays: 15 }];
  expect(pricing({ invitation, plans })).toContain('15 days of it are extra time');
  expect(pricing({ invitation, plans, delivery: 'after_paid_period' })).toContain(
    'when your subscription ends',
  );
  expect(pricing({ invitation, plans, delivery: 'defer_billing' })).toContain('delay your next charge');
  expect(pricing({ invitation })).not.toContain('extra time.');
});

it('a plan that does not count says so, and is worth no days', () => {
  const yearly: PlanModel = { ...plan, priceId: 'price_year', interval: 'year', usefulDays: 15 };
  const plans = [{ ...plan, usefulDays: 15 }, yearly];
  const onlyYearly = ['price_year'];
  const invited = {
    ...invitation,
    reward: { ...invitation.reward, qualifyingPrices: onlyYearly },
  };
  const cards = (over: Partial<PricingPageModel>) =>
    pricing({ plans, ...over })
      .split('<li class="card plan">')
      .slice(1)
      .map((card) => [card.includes('does not bring the reward'), card.includes('extra time.')]);
  expect(cards({ invitation: invited })).toEqual([
    [true, false],
    [false, true],
  ]);
  const offered: RewardModel = { ...reward, qualifyingPrices: onlyYearly };
  expect(cards({ reward: offered }).map(([isOut]) => isOut)).toEqual([true, false]);
  const paused = cards({ reward: { ...offered, unavailable: 'paused' } });
  expect(paused.map(([isOut]) => isOut)).toEqual([false, false]);
  expect(pricing({ plans, invitation: invited }, 'de')).toContain('bringt die Belohnung nicht');
});

it('where neither side gets days, the first page promises nothing', () => {
  const reachedCap = { conversions: 2, windowDays: null };
  const none: RewardModel = { ...reward, referrerDays: 0, referredDays: 0, reachedCap };
  const page = homePage({ viewer, reward: none });
  expect(page).toContain('You get no days for another one.');
  expect(page).not.toMatch(/more\.|[^0-9]0 days|The reward arrives/);
});

it('a paused programme is said, and nothing is promised', () => {
  const paused: RewardModel = { ...reward, referrerDays: 0, referredDays: 0, unavailable: 'paused' };
  expect(pricing({ reward: paused })).not.toContain('45 days');
  expect(homePage({ viewer: null, reward: paused })).toContain('The programme is paused');
});

it('a pause takes nothing from a person who was invited before it', () =>
  expect(pricing({ reward: { ...reward, unavailable: 'paused' }, invitation })).toContain('45 days'));

it('a budget that is used up is said, and nothing is promised', () => {
  const exhausted: RewardModel = { ...reward, referrerDays: 0, referredDays: 0, unavailable: 'exhausted' };
  for (const page of [pricing({ reward: exhausted }), homePage({ viewer: null, reward: exhausted })]) {
    expect(page).toContain('no free days left');
    expect(page).not.toMatch(/45|Both of you|[^0-9]0 days/);
  }
});

it('a side that gets nothing is promised nothing, and a hold is said', () => {
  const onlyFriend = { ...reward, referrerDays: 0, holdDays: 14 };
  const page = homePage({ viewer: null, reward: onlyFriend });
  expect(page).toContain('they get 45 days of paid access, 14 days later.');
  expect(page).not.toMatch(/you get|[^0-9]0 days|Right away|Both of you/);
  expect(page).toContain('Your friend');
  expect(homePage({ viewer: null, reward: { ...reward, referredDays: 0 } })).not.toMatch(
    /they get|[^0-9]0 days/,
  );
});

it('plans that cannot be asked for, and none on offer, are reported apart', () => {
  expect(pricing({ plans: null })).toContain('cannot show the plans right now');
  expect(pricing({ plans: [] })).toContain('No plans available');
});

it('names from elsewhere are shown as text', () => {
  const page = pricing({
    plans: [{ ...plan, name: hostile, priceId: hostile }],
    invitation: { ...invitation, invitedBy: { label: hostile } },
    problem: hostile,
  });
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script');
});
