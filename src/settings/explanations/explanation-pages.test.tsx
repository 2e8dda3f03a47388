import { expect, it } from 'vitest';
import { invitePage, type InvitePageModel } from './explanation-pages.js';

const hostile = '"><script>alert(1)</script>';
const at = new Date('2026-11-01T12:00:00Z');
const model: InvitePageModel = {
  locale: 'en',
  viewer: { label: 'Anna', role: 'user', csrf: 'token' },
  readerSettings: { locale: 'en-GB', timeZone: 'Europe/Berlin' },
  invite: {
    label: 'b•••@e•••.org',
    reward: {
      ...{
        status: 'suspended',
        days: 0,
        promisedDays: 45,
        holdDays: 0,
        worth: null,
        usefulDays: [],
        arrivesAt: null,
        qualifyingPrices: [],
        text: 'Your credit is on hold.',
      },
      ...{ why: 'The bank disputes the first payment.', next: 'The bank decides the dispute.' },
    },
  },
  rules: [
    {
      rule: 'first_payment',
      title: 'First payment',
      result: 'met',
      explanation: 'It arrived.',
      at,
      by: null,
    },
    {
      rule: 'payment_stands',
      title: 'Payment valid',
      result: 'undone',
      explanation: 'The bank disputes it.',
      at: null,
      by: null,
    },
    { rule: 'credit', title: 'Credit', result: 'missing', explanation: 'Later.', at: null, by: at },
  ],
};

it('the page shows each rule with its result, why the reward is reversed, and the next step', () => {
  const page = invitePage(model);
  for (const words of ['On hold', 'First payment', 'No longer met', 'Still missing', '1 Nov 2026, 13:00 CET'])
    expect(page).toContain(words);
  expect(page).toContain('The bank disputes the first payment.');
  expect(page).toContain('The bank decides the dispute.');
});

it('the explanation is available in German', () => {
  const page = invitePage({ ...model, locale: 'de' });
  for (const words of [
    '<html lang="de">',
    'Ausgesetzt',
    'Nicht mehr erfüllt',
    'Fehlt noch',
    'Entscheidung bis',
  ])
    expect(page).toContain(words);
});

it('every stored string is shown as text, whatever it holds', () => {
  const rules = [
    { rule: hostile, title: hostile, result: 'met' as const, explanation: hostile, at: null, by: null },
  ];
  const page = invitePage({
    ...model,
    invite: {
      ...{ ...model.invite, label: hostile },
      reward: { ...model.invite.reward, text: hostile, why: hostile, next: hostile },
    },
    rules,
  });
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script');
});
