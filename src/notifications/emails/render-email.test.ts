import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { translations, getTranslator } from '../../platform/i18n/translations.js';
import { exampleValues } from './email-examples.js';
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
  ...{
    days: 45,
    length: '45 days',
    count: 45,
    hasMoved: 'yes',
    occasion: hostile,
    why: 'Because.',
    next: 'Nothing.',
  },
  ...{ text: 'You get 45 days.' },
  ...{ attempts: 5, invitations: 5, side: 'referrer', url },
  ...{ host: hostile, reason: 'gone', kind: 'app', role: 'admin', endpointId: '01890000' },
};
it('the code stands alone on its line in every language, and in the subject', () => {
  for (const locale of translations.locales) {
    const { subject, text, html } = renderEmail(getTranslator(locale), 'signInCode', {
      code: '012345',
      minutes: 10,
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
  expect(text).toContain('45 days of paid access for inviting b••• were taken');
  expect(text).toContain('\n\nBecause.\n\nNothing.\n\n');
  expect(html).toMatch(
    new RegExp(`<a class="button" href="${url}"[^>]*>See your credit in your settings</a>`),
  );
  expect(html).not.toContain('settings:');
});

it.each([
  ['creditReversed', '1 day of paid access for it was taken', '1 Tag bezahlter Zugang dafür wurde von'],
  ['creditSuspended', '1 day of paid access for it was taken', '1 Tag bezahlter Zugang dafür wurde von'],
  ['creditRestored', '1 day of paid access for it is back', '1 Tag bezahlter Zugang dafür ist wieder'],
] as const)('one day in %s is one in every language', (name, inEnglish, inGerman) => {
  const one = { ...values, count: 1 };
  expect(renderEmail(english, name, { ...one, length: '1 day', occasion: 'for it' }).text).toContain(
    inEnglish,
  );
  const german = { ...one, length: '1 Tag', occasion: 'dafür' };
  expect(renderEmail(getTranslator('de'), name, german).text).toContain(inGerman);
});

it('the last link of an email is its button', () => {
  const { text, html } = renderEmail(english, 'newDevice', { ...values, device: 'Firefox' });
  expect(text).toContain(`\n\nOpen your settings: ${url}\n`);
  expect(html).toContain('>Open your settings</a>');
  const { html: plain } = renderEmail(english, 'referralRejected', values);
  expect(plain).not.toContain('class="button"');
});

it.each(translations.locales)('the examples of the gallery in %s fill every email', (locale) => {
  const t = getTranslator(locale);
  for (const name of emailTemplates) {
    const { subject, text } = renderEmail(t, name, exampleValues(t, name, url));
    expect(subject + text).not.toMatch(/emails\.|emailExamples|[{}]|undefined|null/);
    expect(text).not.toMatch(/\n\n\n/);
  }
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
  expect(email.html).toContain(`<a class="link" href="${stop}">`);
});
