import { expect, it } from 'vitest';
import { createRowProgress } from './progress.js';

/** A terminal that is shown 10,000 rows in steps of half a second. */
function watchImport(options: { isTTY?: boolean; quiet?: boolean }): string[] {
  const shown: string[] = [];
  let time = 0;
  const progress = createRowProgress({
    quiet: options.quiet === true,
    terminal: { isTTY: options.isTTY === true, write: (text: string) => shown.push(text) },
    now: () => time,
  });
  for (let rows = 1_000; rows <= 10_000; rows += 1_000) {
    time += 500;
    progress.show('people', rows, rows / 10_000);
  }
  progress.end();
  return shown.map((text) => text.replace('\r\u001b[2K', ''));
}

it('a terminal shows rows, rows a second and the time left on one line, once a second, then nothing', () => {
  expect(watchImport({ isTTY: true })).toEqual([
    'people · 2,000 rows · 2,000 a second · 4 seconds left',
    'people · 4,000 rows · 2,000 a second · 3 seconds left',
    'people · 6,000 rows · 2,000 a second · 2 seconds left',
    'people · 8,000 rows · 2,000 a second · 1 second left',
    'people · 10,000 rows · 2,000 a second · 1 second left',
    '',
  ]);
});

it.each([
  ['where it is asked to be quiet', { isTTY: true, quiet: true }],
  ['where there is no terminal', {}],
])('progress is silent %s', (_why, options) => {
  expect(watchImport(options)).toEqual([]);
});
