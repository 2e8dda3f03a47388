import { expect, it } from 'vitest';
import { renderToString } from '#jsx/jsx-runtime';
import { DateTime } from './date-time.js';
import { renderPage } from './render-page.js';

const at = new Date('2026-07-01T22:30:00Z');

it('a time is shown in the zone of its reader, and names it', () => {
  const text = renderToString(
    <DateTime at={at} readerSettings={{ locale: 'en-GB', timeZone: 'Europe/Berlin' }} />,
  );
  expect(text).toContain('2 Jul 2026, 00:30 CEST');
  expect(text).toContain('datetime="2026-07-01T22:30:00.000Z"');
});

it('a date is that of the reader’s zone', () => {
  const reader = { locale: 'en-GB', timeZone: 'America/New_York' };
  expect(renderToString(<DateTime at={at} readerSettings={reader} dateOnly />)).toContain('>1 Jul 2026<');
});

it('an unknown zone or locale falls back to UTC rather than failing the page', () => {
  for (const reader of [
    { locale: 'en-GB', timeZone: '<nowhere>' },
    { locale: 'not a locale', timeZone: 'UTC' },
  ])
    expect(renderToString(<DateTime at={at} readerSettings={reader} />)).toContain('1 Jul 2026, 22:30 UTC');
});

it('a page writes dates in its own language: of the reader’s region where they speak it, else of none', () => {
  const written = (locale: string, page: string) =>
    renderPage(<DateTime at={at} readerSettings={{ locale, timeZone: 'UTC' }} dateOnly />, page);
  expect(written('de-AT', 'de')).toContain('>1. Juli 2026<');
  expect(written('en', 'en')).toContain('>1 Jul 2026<');
  expect(written('fr', 'en')).toContain('>1 Jul 2026<');
  expect(written('en-US', 'en')).toContain('>Jul 1, 2026<');
});

it('without other settings a time is shown in the zone of the page’s reader', () =>
  expect(renderPage(<DateTime at={at} />, { locale: 'de', timeZone: 'Europe/Berlin' })).toContain(
    '2. Juli 2026, 00:30 MESZ',
  ));
