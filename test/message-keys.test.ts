import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inboxStatuses, reversalStatuses } from '../src/billing/index.js';
import { timelineKinds } from '../src/admin/users/timeline/timeline-entry.js';
import { emailTemplates } from '../src/notifications/emails/render-email.js';
import { referralStatuses } from '../src/admin/admin.dto.js';
import { checkNames } from '../src/platform/check-result.js';
import { readTranslations } from '../src/platform/i18n/translations.js';

const root = join(import.meta.dirname, '..');
const english = readTranslations(new URL('../locales/', import.meta.url)).get('en') ?? new Map();
const keys = [...english.keys()] as string[];
const sections = new Set(keys.map((key) => key.split('.')[0]));

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|tsx)$/.test(path) && !/\.test\.tsx?$/.test(path))
  .map((path) => readFileSync(join(root, 'src', path), 'utf8'))
  .join('\n');

it('every key that the source names is in the translations', () => {
  const named = [...sources.matchAll(/\bt\(\s*'([\w-]+(?:\.[\w-]+)+)'|\bkey: '([\w-]+(?:\.[\w-]+)+)'/g)].map(
    ([, called, kept]) => called ?? kept ?? '',
  );
  expect(named.length).toBeGreaterThan(300);
  const missing = named.filter((key) => !english.has(key) && !english.has(`sandbox.${key}`));
  expect([...new Set(missing)]).toEqual([]);
});

it('every key that is built begins as one in the translations', () => {
  const starts = [...sources.matchAll(/`([\w-]+(?:\.[\w-]+)*\.)\$\{/g)].map(([, start = '']) => start);
  const known = starts.filter((start) => sections.has(start.split('.')[0] ?? ''));
  expect(known.length).toBeGreaterThan(30);
  expect(known.filter((start) => !keys.some((key) => key.startsWith(start)))).toEqual([]);
});

it('every finding of the checks has its text, and advice unless all is well', () => {
  const calls = /\b(ok|warning|problem|level)\(\s*(?:check|name|'\w+'),\s*'(\w+)'/g;
  const words = [...sources.matchAll(calls)].flatMap(([, level, finding]) => [
    `findings.${finding}.seen`,
    ...(level === 'ok' ? [] : [`findings.${finding}.advice`]),
  ]);
  expect(words.length).toBeGreaterThan(90);
  const names = checkNames.map((check) => `findings.checks.${check}`);
  expect([...words, ...names].filter((key) => !english.has(key))).toEqual([]);
});

it('every finding and check in the translations is one of the source', () => {
  const known = keys.flatMap((key) => /^findings\.(?:(?:checks|account)\.)?(\w+)/.exec(key)?.[1] ?? []);
  expect([...new Set(known)].filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
});

it('every value that a page names has a word', () => {
  const kinds = keys.flatMap((key) => (key.startsWith('creditPage.kinds.') ? [key.slice(17)] : []));
  expect(kinds.length).toBeGreaterThan(8);
  const actors = ['user', 'admin', 'operator', 'stripe', 'system', 'api_key'];
  const reversals = ['refund', 'dispute', 'credit_note', 'early_fraud_warning'];
  const words = [
    ...kinds.map((kind) => `console.credit.kind.${kind}`),
    ...inboxStatuses.flatMap((status) => [
      `console.event.statuses.${status}`,
      `lists.events.values.status.${status}`,
    ]),
    ...referralStatuses.flatMap((status) => [
      `console.referral.statuses.${status}`,
      `lists.referrals.values.status.${status}`,
    ]),
    ...actors.map((actor) => `console.audit.actor.${actor}`),
    ...reversals.map((kind) => `console.payment.kind.${kind}`),
    ...reversalStatuses.map(({ kind, status }) => `console.payment.statuses.${kind}.${status}`),
    ...timelineKinds.map((kind) => `timeline.kinds.${kind}`),
    ...emailTemplates.map((template) => `timeline.emails.${template}`),
  ];
  expect(words.filter((key) => !english.has(key))).toEqual([]);
});

it('texts name the product, whose name is a setting; only staff read of this software', () => {
  const texts = [...readTranslations(new URL('../locales/', import.meta.url))].flatMap(([locale, messages]) =>
    [...messages].map(([key, text]) => ({ locale, key, text })),
  );
  const named = texts.filter(({ key, text }) => /twofold/i.test(text) && !isAboutSoftware(key, text));
  expect(named).toEqual([]);
});

/** Why events wait, for staff; and commands, which have the name of this software. */
function isAboutSoftware(key: string, text: string): boolean {
  return (
    key.startsWith('parkedEvent.') ||
    !/twofold/i.test(text.replaceAll(/npx twofold|twofold_\w+|\/twofold\//g, ''))
  );
}
