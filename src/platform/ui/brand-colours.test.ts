import { expect, it } from 'vitest';
import { brandStyleSheet, contrast, parse } from './brand-colours.js';

/** The tokens of a scheme. */
function tokens(sheet: string, scheme: 'light' | 'dark'): Map<string, string> {
  const part = sheet.split('@media')[scheme === 'light' ? 0 : 1] ?? '';
  return new Map(
    [...part.matchAll(/(--[a-z-]+): (#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

it.each(['#0b6250', '#ffff00', '#ffffff', '#000000', '#777777', '#ff6600', '#4338ca'])(
  'text in %s, and on it, can be read in both schemes',
  (colour) => {
    const sheet = brandStyleSheet(colour);
    const pages = { light: ['#faf7f1', '#ffffff', '#f3eee4'], dark: ['#131614', '#1b1f1c', '#242925'] };
    for (const scheme of ['light', 'dark'] as const) {
      const own = tokens(sheet, scheme);
      const [accent, strong, on, wash] = ['--accent', '--accent-strong', '--on-accent', '--accent-wash'].map(
        (name) => parse(own.get(name) ?? ''),
      );
      if (accent === undefined || strong === undefined || on === undefined || wash === undefined)
        throw new Error(sheet);
      for (const page of pages[scheme]) expect(contrast(accent, parse(page))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(accent, wash)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(on, accent)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(on, strong)).toBeGreaterThanOrEqual(4.5);
    }
  },
);

it('a colour that can be read stays as it is', () => {
  expect(tokens(brandStyleSheet('#4338ca'), 'light').get('--accent')).toBe('#4338ca');
});
