import { expect, it } from 'vitest';
import { inviteFriendsPage } from './invite-friends-page.js';
import type { InviteFriendsModel, InviteModel } from './invite-friends-model.js';

const hostile = '"><script>alert(1)</script>';
const at = new Date('2026-11-01T12:00:00Z');

const newUserModel: InviteFriendsModel = {
  viewer: { label: 'Anna', role: 'user', csrf: 'token' },
  timeZone: 'Europe/Berlin',
  referral: {
    code: 'K7PQ2MXW',
    link: 'https://twofold.example/r/K7PQ2MXW',
    activeCredits: 0,
    daysOnAccount: 0,
    shareText: 'Join me on Twofold. 45 days of paid access 14 days after your first payment.',
    reward: 'You both get 45 days.',
    creditWorth: null,
    counts: { invited: 0, pending: 0, held: 0, converted: 0, reversed: 0, rejected: 0 },
  },
  linkBy: (channel) => `https://twofold.example/r/K7PQ2MXW?c=${channel}`,
  needsName: false,
  rewards: { earnedDays: 0, pendingDays: 0, storedAt: null },
  invites: [],
  nextCursor: null,
  cursor: '',
  linkStats: { channels: [], signUps: 0 },
  months: [{ month: at, joined: 0, paid: 0 }],
  monthsZone: 'UTC',
  canClaimReferral: true,
  notice: null,
  problem: null,
};

const reward: InviteModel['reward'] = {
  ...{
    status: 'suspended',
    days: 0,
    promisedDays: 45,
    holdDays: 0,
    arrivesAt: null,
    worth: null,
    usefulDays: [],
    qualifyingPrices: [],
  },
  ...{
    text: 'Your credit is on hold.',
    why: 'The bank disputes the first payment.',
    next: 'The bank decides.',
  },
};
const invite: InviteModel = {
  ...{ id: 'i1', label: 'b•••@e•••.org', note: null, chosenName: null, reward },
  maskedAddress: 'b•••@e•••.org',
  ...{ invitedAt: at, convertedAt: at, daysEarned: 0 },
};
const page = (over: Partial<InviteFriendsModel> = {}) => inviteFriendsPage({ ...newUserModel, ...over });

it('the link can be shared by plain links, each of which says its channel', () => {
  expect(page()).toContain('K7PQ2MXW');
  expect(page()).toContain('src="/api/v1/referral/qr.svg"');
  expect(page()).toContain(`https://wa.me/?text=${encodeURIComponent(newUserModel.referral.shareText)}`);
  for (const channel of ['whatsapp', 'email', 'telegram', 'x', 'linkedin'])
    expect(page()).toContain(encodeURIComponent(`https://twofold.example/r/K7PQ2MXW?c=${channel}`));
  expect(page()).toContain('data-copy="https://twofold.example/r/K7PQ2MXW?c=copy"');
  expect(page()).toContain('data-share-url="https://twofold.example/r/K7PQ2MXW?c=share"');
});

it('a link of a strange scheme is shown but not linked', () => {
  const referral = { ...newUserModel.referral, link: 'javascript:alert(1)' };
  expect(page({ referral })).not.toContain('href="javascript:');
});

it('only a person without a name is asked for one, and reads why', () => {
  expect(page()).not.toContain('action="/invite/name"');
  expect(page({ needsName: true })).toContain('action="/invite/name"');
  expect(page({ needsName: true })).toContain('does not say now who it is from');
});

it('an invite that does not stand says why, and whether it may come back', () => {
  const shown = page({ invites: [invite] });
  for (const words of ['On hold', 'The bank disputes the first', 'The bank decides.', '/settings/invites/i1'])
    expect(shown).toContain(words);
  const takenBack = { ...reward, status: 'taken_back' as const };
  expect(page({ invites: [{ ...invite, reward: takenBack }] })).toContain('Taken back');
});

it('a person is named by their label, with what else the inviter knows of them beside it', () => {
  const nameOf = (over: Partial<InviteModel>) =>
    /<a href="\/settings\/invites\/i1">([^<]*)<\/a>(?:<span class="hint">([^<]*))?/
      .exec(page({ invites: [{ ...invite, ...over }] }))
      ?.slice(1);
  expect(nameOf({})).toEqual(['b•••@e•••.org', undefined]);
  expect(nameOf({ label: 'Bert', chosenName: 'Bert' })).toEqual(['Bert', ' b•••@e•••.org']);
  expect(nameOf({ label: 'Bert', chosenName: 'Bert', note: 'from work' })).toEqual(['Bert', ' from work']);
});

it('a person with very many sign-ups reads that only the newest are counted', () => {
  const channels = [{ channel: 'qr' as const, clicks: 3, signUps: 2 }];
  expect(page({ linkStats: { channels, signUps: 9_999 } })).not.toContain('Only your newest');
  expect(page({ linkStats: { channels, signUps: 10_000 } })).toContain('Only your newest 10,000 sign-ups');
});

it('invitations over time are a picture and a table, once there are some', () => {
  expect(page()).not.toContain('id="over-time"');
  const shown = page({ months: [{ month: at, joined: 2, paid: 1 }] });
  expect(shown).toContain('2 friends joined; 1 has paid so far');
  expect(shown).toContain('Nov 2026');
});

it('every form carries the session’s token, and every button that sends one wears the class of its family', () => {
  const shown = page({ needsName: true, invites: [invite] });
  const forms = shown.match(/<form method="post"[^>]*>(?:(?!<\/form>).)*/gs) ?? [];
  expect(forms.length).toBeGreaterThan(4);
  for (const form of forms) expect(form).toContain('name="_csrf" value="token"');
  for (const submit of shown.match(/<button[^>]*type="submit"[^>]*>/g) ?? [])
    if (!submit.includes('class="language"')) expect(submit).toMatch(/class="settings-btn"/);
});

it('every stored string is shown as text, whatever it holds', () => {
  const shown = page({
    viewer: { label: hostile, role: 'admin', csrf: hostile },
    referral: { ...newUserModel.referral, code: hostile, link: hostile, reward: hostile },
    linkBy: () => hostile,
    invites: [
      { ...invite, id: hostile, label: hostile, note: hostile, chosenName: hostile },
      { ...invite, reward: { ...reward, text: hostile, why: hostile, next: hostile } },
    ],
    ...{ nextCursor: hostile, cursor: hostile, problem: { form: 'note', message: hostile } },
  });
  expect(shown).not.toContain('<script>alert');
  expect(shown).toContain('&lt;script');
});
