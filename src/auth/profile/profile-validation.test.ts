import { expect, it } from 'vitest';
import { displayNameProblem, parseLocale, parseTimeZone } from './profile-validation.js';

it.each(['Anna', 'J. R. R. Tolkien', 'Zoë-Ümit 李', 'a'.repeat(60)])('takes the name %p', (name) =>
  expect(displayNameProblem(name)).toBeNull(),
);

it.each([
  'a'.repeat(61),
  'An\u0007na',
  'An\u202ena',
  'https://evil',
  'www.evil',
  'free money at evil.example',
])('refuses the name %p', (name) => expect(displayNameProblem(name)).not.toBeNull());

it.each([
  ['de-at', 'de-AT'],
  ['en', 'en'],
  ['not a locale', null],
  ['', null],
])('reads the locale %p as %p', (text, locale) => expect(parseLocale(text)).toBe(locale));

it.each([
  ['Europe/Vienna', 'Europe/Vienna'],
  ['europe/vienna', 'Europe/Vienna'],
  ['UTC', 'UTC'],
  ['+01:00', null],
  ['Mars/Olympus', null],
])('reads the time zone %p as %p', (text, zone) => expect(parseTimeZone(text)).toBe(zone));
