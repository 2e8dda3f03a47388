import { expect, it } from 'vitest';
import { safeHref } from './safe-href.js';

it('paths of this site, web addresses and mail addresses may be linked', () => {
  for (const href of [
    '/settings?after=x#invites',
    'https://example.org/a',
    'http://127.0.0.1:3000',
    'mailto:a@b.c',
  ])
    expect(safeHref(href)).toBe(href);
});

it('nothing that runs, and no disguised foreign site, may be linked', () => {
  for (const href of [
    'javascript:alert(1)',
    ' JAVASCRIPT:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'evil',
  ])
    expect(safeHref(href)).toBeNull();
});
