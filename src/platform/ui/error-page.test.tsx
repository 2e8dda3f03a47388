import { expect, it } from 'vitest';
import type { ProblemDocument } from '../http/problem-document.js';
import { errorPage } from './error-page.js';

const hostile = '"><script>alert(1)</script>';
const problem = (over: Partial<ProblemDocument>): ProblemDocument => ({
  type: 'https://twofold.example/api/errors#request.not_found',
  title: 'Not found',
  status: 404,
  code: 'request.not_found',
  detail: '',
  requestId: 'req-1',
  ...over,
});

it('an error page says what happened, what to do, and how to name it', () => {
  const page = errorPage(problem({}), 'https://twofold.example');
  expect(page).toContain('<h1>Not found</h1>');
  expect(page).toContain('check the address');
  expect(page).toContain('req-1');
  expect(page).toContain('href="https://twofold.example"');
});

it('who tried too often learns how long to wait', () =>
  expect(errorPage(problem({ status: 429, retryAfterSeconds: 200 }), '/')).toContain(
    'try again in 4 minutes',
  ));

it('our own failure names the request and no cause', () => {
  const page = errorPage(problem({ status: 500, code: 'platform.internal' }), '/');
  expect(page).toContain('our fault');
  expect(page).toContain('req-1');
});

it('the words of an error are shown as text, whatever they hold', () => {
  const page = errorPage(problem({ detail: hostile, requestId: hostile }), hostile);
  expect(page).not.toContain('<script>alert');
  expect(page).toContain('&lt;script');
});
