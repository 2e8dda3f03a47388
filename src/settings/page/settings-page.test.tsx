import { expect, it } from 'vitest';
import { settingsPage } from './settings-page.js';
import type { RewardNoticeDto } from '../../referral/index.js';
import type { SettingsPageModel } from './settings-page-model.js';

const hostile = '"><script>alert(1)</script>';
const at = new Date('2026-11-01T12:00:00Z');

const newUserModel: SettingsPageModel = {
  viewer: { label: 'Anna', role: 'user', csrf: 'token' },
  user: {
    email: 'anna@example.org',
    displayName: null,
    locale: 'en-GB',
    timeZone: 'Europe/Berlin',
    createdAt: at,
  },
  access: { tier: 'free', active: false, source: 'none', until: null },
  referral: {
    code: 'K7PQ2MXW',
    link: 'https://twofold.example/r/K7PQ2MXW',
    activeCredits: 0,
    daysOnAccount: 0,
    friendReward: null,
    reward: 'You both get 45 days.',
    creditWorth: null,
    invitation: null,
    counts: { invited: 0, pending: 0, held: 0, converted: 0, reversed: 0, rejected: 0 },
  },
  copyLink: 'https://twofold.example/r/K7PQ2MXW?c=copy',
  credit: { delivery: 'overlay', until: null, daysLeft: 0, usefulDays: 0, entries: [] },
  subscription: null,
  hasStripeCustomer: false,
  stillCharged: false,
  sessions: [{ id: 'here', userAgent: '', createdAt: at, seenAt: at, current: true }],
  backup: null,
  emailChange: null,
  erasure: null,
  formIds: { newEmail: 'form-1', ownEmail: 'form-2' },
  optionalEmails: [{ kind: 'friend_joined', isWanted: true }],
  notice: null,
  problem: null,
  openedInvite: null,
  asksTimeZone: false,
};

const reward: RewardNoticeDto = {
  qualifyingPrices: [],
  ...{
    status: 'suspended',
    days: 0,
    promisedDays: 45,
    holdDays: 0,
    worth: null,
    usefulDays: [],
    arrivesAt: null,
    text: 'Your credit is on hold.',
  },
  ...{ why: 'The bank disputes the first payment.', next: 'The bank decides.' },
};
const settings = (over: Partial<SettingsPageModel> = {}) => settingsPage({ ...newUserModel, ...over });
const withDays = (daysOnAccount: number) => ({ ...newUserModel.referral, daysOnAccount });
const backup = {
  revision: 2,
  updatedAt: at,
  size: 10,
  revisions: [2, 1].map((revision) => ({ revision, updatedAt: at, size: 10 })),
};

it('any credit shows as days on the account, whatever the subscription', () => {
  const sections = settings({ referral: withDays(1) }).split('<section');
  for (const id of ['access', 'referral'])
    expect(sections.find((part) => part.includes(`id="${id}"`))).toContain('+1 day on your account');
  expect(settings({ referral: withDays(90) })).toContain('+90 days on your account');
  const subscribed = { tier: 'paid', active: true, source: 'subscription', until: at } as const;
  expect(settings({ referral: withDays(45), access: subscribed })).toContain('+45 days on your account');
  expect(settings()).not.toContain('on your account<');
});

it('it is said honestly when credit runs while the card is charged', () => {
  const access = { tier: 'paid', active: true, source: 'subscription', until: at } as const;
  expect(settings({ referral: withDays(45), access })).toContain('adds no extra time');
  const credit = { ...newUserModel.credit, usefulDays: 32 };
  expect(settings({ referral: withDays(45), access, credit })).toContain('32 days of it are extra time');
});

it('every button that sends a form wears the class of its family, Restore like the rest', () => {
  const states = [
    settings({ backup, hasStripeCustomer: true }),
    settings({ emailChange: { newEmail: 'b@c.d', challengeId: 'c1', currentChallengeId: 'c2' } }),
    settings({ erasure: { challengeId: 'c1' } }),
  ];
  for (const page of states) {
    const submits = (page.match(/<button[^>]*type="submit"[^>]*>/g) ?? []).filter(
      (submit) => !submit.includes('class="language"'),
    );
    expect(submits.length).toBeGreaterThan(4);
    for (const submit of submits) expect(submit).toMatch(/class="settings-btn"/);
  }
  expect(states[0]).toMatch(/class="settings-btn"[^>]*>Restore</);
});

it('every form carries the session’s token', () => {
  const page = settings({ backup, hasStripeCustomer: true });
  const forms = page.match(/<form method="post"[^>]*>(?:(?!<\/form>).)*/gs) ?? [];
  expect(forms.length).toBeGreaterThan(6);
  for (const form of forms) expect(form).toContain('name="_csrf" value="token"');
});

it('the link can be copied, and the page of invitations is near', () => {
  const page = settings();
  expect(page).toContain('data-copy="https://twofold.example/r/K7PQ2MXW?c=copy"');
  expect(page).toContain('href="/invite"');
});

it('a link of a strange scheme is shown but not linked', () => {
  const page = settings({ referral: { ...newUserModel.referral, link: 'javascript:alert(1)' } });
  expect(page).not.toContain('href="javascript:');
});

it('a person with an account learns why a friend’s link brings nothing', () => {
  expect(
    settings({ openedInvite: { code: 'ABCDEFGH', inviter: 'Bert', isKnown: true, isOwn: false } }),
  ).toContain('You opened an invitation from Bert. A link only counts for new accounts');
  expect(
    settings({ openedInvite: { code: 'K7PQ2MXW', inviter: 'Anna', isKnown: true, isOwn: true } }),
  ).toContain('your own link');
  expect(
    settings({ openedInvite: { code: 'ABCDEFGH', inviter: null, isKnown: true, isOwn: false } }),
  ).toContain('You opened an invitation. A link only counts for new accounts');
  expect(settings({ openedInvite: { code: 'ZZZZ', inviter: null, isKnown: false, isOwn: false } })).toContain(
    'does not exist',
  );
});

it('an account that is still charged cannot be deleted from here', () => {
  expect(settings({ stillCharged: true })).not.toContain('action="/settings/erase"');
  expect(settings()).toContain('action="/settings/erase"');
});

it('each empty part says how something gets there', () => {
  const page = settings();
  for (const title of ['No credit yet', 'No subscription', 'No backup yet']) expect(page).toContain(title);
});

it('times are shown in the reader’s zone', () => {
  const page = settings({ backup });
  expect(page).toContain('1 Nov 2026, 13:00 CET');
  expect(page).toContain('your time zone, Europe/Berlin');
});

it('a person who was invited sees by whom, and what is on its way instead of no credit', () => {
  const held = {
    ...{ ...reward, status: 'held' as const, days: 60, why: null, next: null },
    text: '60 days are reserved for you, arriving on 12 Dec 2026.',
  };
  const invitation = { referralId: 'r1', invitedBy: { label: 'Anna' }, invitedAt: at, reward: held };
  const page = settings({ referral: { ...newUserModel.referral, invitation } });
  for (const words of ['Anna invited you.', held.text, '60 days are on the way', 'href="#invitation"'])
    expect(page).toContain(words);
  expect(page).not.toContain('No credit yet');
  expect(settings()).not.toContain('#invitation');
});

it('an older ledger stays folded away but readable', () => {
  const entry = {
    kind: 'admin_grant',
    days: 1,
    effectiveAt: at,
    windowFrom: null,
    windowUntil: null,
    reason: null,
  };
  const entries = Array.from({ length: 14 }, (_, i) => ({ ...entry, id: `e${i}` }));
  expect(settings({ credit: { ...newUserModel.credit, entries } })).toContain('Show 4 older');
});

it('every stored string is shown as text, whatever it holds', () => {
  const invitedReward = { ...reward, text: hostile, why: hostile, next: hostile };
  const invitation = {
    ...{ referralId: hostile, invitedBy: { label: hostile }, invitedAt: at, reward: invitedReward },
  };
  const entry = { id: hostile, kind: hostile, days: 1, effectiveAt: at, windowFrom: at, windowUntil: at };
  const page = settings({
    viewer: { label: hostile, role: 'admin', csrf: hostile },
    user: {
      ...newUserModel.user,
      email: hostile,
      displayName: hostile,
      locale: hostile,
      timeZone: hostile,
    },
    referral: { ...newUserModel.referral, code: hostile, link: hostile, reward: hostile, invitation },
    copyLink: hostile,
    credit: { ...newUserModel.credit, entries: [{ ...entry, reason: hostile }] },
    subscription: {
      status: hostile,
      planName: hostile,
      currentPeriodEnd: at,
      cancelAtPeriodEnd: false,
      plannedEnd: null,
      otherProvider: null,
    },
    sessions: [{ id: hostile, userAgent: hostile, createdAt: at, seenAt: at, current: false }],
    emailChange: { newEmail: hostile, challengeId: hostile, currentChallengeId: hostile },
    erasure: { challengeId: hostile },
    problem: { section: 'email', message: hostile },
    openedInvite: { code: hostile, inviter: hostile, isKnown: true, isOwn: false },
  });
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script');
});
