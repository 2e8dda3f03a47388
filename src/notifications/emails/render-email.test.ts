import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { translations, getTranslator } from '../../platform/i18n/translations.js';
import { emailTemplates, renderEmail } from './render-email.js';

const english = getTranslator('en');
const url = 'http://x/settings#credit';
const hostile = '<img src=x onerror=alert(1)>';
const values = {
  ...{
    code: '012345',
    minutes: 10,
    device: hostile,
    date: '1 May',
    address: hostile,
    friend: hostile,
    inviter: hostile,
  },
  ...{ days: 45, length: '45 days', occasion: hostile, why: 'Because.', next: 'Nothing.' },
  ...{ text: 'You get 45 days.' },
  ...{ attempts: 5, invitations: 5, side: 'referrer', moved: 'yes', isInvited: 'yes', url },
  ...{ host: hostile, reason: 'gone', kind: 'app', role: 'admin', endpointId: '01890000' },
};
it('the code stands alone on its line in every language, and in the subject', () => {
  for (const locale of translations.locales) {
    const { subject, text, html } = renderEmail(getTranslator(locale), 'signInCode', {
      ...{ code: '012345', minutes: 10, isInvited: 'no', url },
    });
    expect(text).toMatch(/^012345$/m);
    expect(subject).toContain('012345');
    expect(html).toContain(`<html lang="${locale}">`);
  }
});

it.each(translations.locales)(
  'the translations in %s hold the text of each email and of no other',
  (locale) => {
    const path = new URL(`../../../locales/${locale}.json`, import.meta.url);
    const { emails } = JSON.parse(readFileSync(path, 'utf8')) as { emails: Record<string, object> };
    const written = Object.keys(emails).filter((name) => Object.hasOwn(emails[name] ?? {}, 'subject'));
    expect(written.sort()).toEqual([...emailTemplates].sort());
  },
);

it.each(emailTemplates)(
  '%s says everything in every language, and what others typed is text in it',
  (name) => {
    for (const locale of translations.locales) {
      const email = renderEmail(getTranslator(locale), name, values);
      expect(email.subject).not.toContain('emails.');
      expect(email.text).not.toMatch(/emails\.|[{}]|undefined|null/);
      expect(email.html).not.toContain('<img');
    }
  },
);

it('the email names the reward in days, for both sides', () => {
  const arrived = renderEmail(english, 'creditedReferrer', { days: 45, friend: 'a•••@e•••.org', url });
  expect(arrived.text).toContain('45 days of paid access');
  expect(renderEmail(english, 'creditedReferred', { days: 1, inviter: 'Anna', url }).text).toContain(
    '1 day of paid access',
  );
});

it('the email says how much was taken, for what, why, and what happens next', () => {
  const { subject, text, html } = renderEmail(english, 'creditReversed', {
    ...values,
    occasion: 'for inviting b•••',
  });
  expect(subject).toBe('Your credit for inviting b••• was taken back');
  expect(text).toContain('We took 45 days of paid access for inviting b••• from your account.');
  expect(text).toContain('\n\nBecause.\n\nNothing.\n\n');
  expect(html).toMatch(new RegExp(`<a class="button" href="${url}"[^>]*>See your credit</a>`));
});

it.each([
  [
    'creditReversed',
    'We took 1 day of paid access for it from',
    'Wir haben 1 Tag bezahlten Zugang dafür von',
  ],
  [
    'creditSuspended',
    'We took 1 day of paid access for it from',
    'Wir haben 1 Tag bezahlten Zugang dafür von',
  ],
  [
    'creditRestored',
    'We gave you 1 day of paid access for it back',
    'Wir haben Ihnen 1 Tag bezahlten Zugang dafür zurückgegeben',
  ],
] as const)('one day in %s is one in every language', (name, inEnglish, inGerman) => {
  expect(renderEmail(english, name, { ...values, length: '1 day', occasion: 'for it' }).text).toContain(
    inEnglish,
  );
  const german = { ...values, length: '1 Tag', occasion: 'dafür' };
  expect(renderEmail(getTranslator('de'), name, german).text).toContain(inGerman);
});

it.each(emailTemplates)('%s has one button, whose link is in the text too, and says who sent it', (name) => {
  for (const locale of translations.locales) {
    const t = getTranslator(locale);
    const { text, html } = renderEmail(t, name, values);
    expect(html.match(/<a /g)).toHaveLength(1);
    expect(html).toContain(`<a class="button" href="${url}"`);
    expect(text).toContain(`\n\n${t(`emails.${name}.button`)}: ${url}\n\n${t('emails.sentBy')}\n`);
  }
});

it('a name that looks like an address of the web is no link', () => {
  const { html } = renderEmail(english, 'friendJoined', { ...values, friend: 'https://evil.example' });
  expect(html).toContain('https://evil.example signed up');
  expect(html).not.toContain('href="https://evil.example');
});

it.each(emailTemplates)(
  'the subject of %s fits into a list of emails, whatever people are called',
  (name) => {
    const long = 'Wolfeschlegelsteinhausenbergerdorff '.repeat(2).trim();
    const own = { ...values, friend: long, inviter: long, host: `${long}.example` };
    for (const locale of translations.locales) {
      const t = getTranslator(locale);
      const occasion = t('emails.rewardReason.friend', { friend: long });
      const { subject } = renderEmail(t, name, { ...own, occasion });
      expect([...subject].length).toBeLessThanOrEqual(70);
      expect(subject).not.toBe('');
    }
  },
);

it('a subject that is too long keeps what it says besides the name', () => {
  const occasion = `for inviting ${'Anna '.repeat(12).trim()}`;
  const { subject } = renderEmail(english, 'creditReversed', { ...values, occasion });
  expect(subject).toMatch(/^Your credit for inviting Anna .+… was taken back$/);
});

it('an email that can be stopped says how, at its end and to the mail reader', () => {
  const stop = 'https://x/unsubscribe/abc';
  const email = renderEmail(
    getTranslator('de'),
    'friendJoined',
    { friend: 'b•••', text: 'Sie bekommen 45 Tage.', why: '', url },
    stop,
  );
  expect(email.unsubscribeUrl).toBe(stop);
  expect(email.text.trimEnd().endsWith(stop)).toBe(true);
  expect(email.html).toMatch(new RegExp(`<a class="link" href="${stop}"[^>]*>Abmelden</a>`));
});
