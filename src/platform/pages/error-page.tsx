import type { Problem } from '../http/problem.js';
import { Layout } from './layout.js';
import { renderPage } from './render-page.js';
import { waitText } from './words.js';

const advice: Record<number, string> = {
  401: 'Sign in, and you come back to where you were going.',
  403: 'Your account may not do this. If it should, ask whoever runs this site.',
  404: 'The address may be mistyped, or what was here is gone.',
  409: 'Go back and look at the present state before you try again.',
  413: 'Send something smaller.',
  422: 'Go back, look at the fields again, and send the form once more.',
  429: 'This protects accounts against guessing.',
  502: 'The payment service did not answer. Nothing was charged; try again in a minute.',
  503: 'Try again in a moment. Nothing was lost.',
};

/** The page for a request that failed. `baseUrl` is where the site's first page is. */
export function errorPage(problem: Problem, baseUrl: string): string {
  const wait = problem['retryAfterSeconds'];
  return renderPage(
    <Layout title={problem.title} viewer={null} width="narrow">
      <div class="error-page">
        <p class="error-status">{problem.status}</p>
        <h1>{problem.title}</h1>
        {problem.detail ? <p>{problem.detail}</p> : null}
        <p>{advice[problem.status] ?? adviceBeyond(problem.status)}</p>
        {typeof wait === 'number' ? <p>Please try again in {waitText(wait)}.</p> : null}
        <p class="actions">
          <a class="btn" data-tone="main" href={problem.status === 401 ? '/login' : baseUrl}>
            {problem.status === 401 ? 'Sign in' : 'To the first page'}
          </a>
          <a class="btn" data-tone="plain" href="/settings">
            To my settings
          </a>
        </p>
        <p class="hint">
          If you ask somebody about this, name the request: <code>{problem.requestId}</code>
        </p>
      </div>
    </Layout>,
  );
}

function adviceBeyond(status: number): string {
  return status >= 500
    ? 'It is not your doing. Try again, and tell us the request below if it stays.'
    : 'Go back and try it another way.';
}
