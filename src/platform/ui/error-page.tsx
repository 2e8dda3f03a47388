import type { ProblemDocument } from '../http/problem-document.js';
import { errorTitle } from '../errors.js';
import { Layout } from './layout.js';
import { renderPage, useTranslate } from './render-page.js';
import { formatWait } from './format.js';

const statusesWithText = [401, 403, 404, 409, 413, 422, 429, 502, 503];

/**
 * The page for a request that failed, in a language, with a `detail` of that language or none.
 * `baseUrl` is where the site's first page is.
 */
export function errorPage(problemDocument: ProblemDocument, baseUrl: string, locale?: string): string {
  return renderPage(<ErrorPage problemDocument={problemDocument} baseUrl={baseUrl} />, locale);
}

function ErrorPage({ problemDocument, baseUrl }: { problemDocument: ProblemDocument; baseUrl: string }) {
  const t = useTranslate();
  const wait = problemDocument['retryAfterSeconds'];
  const isOld = problemDocument.code === 'auth.step_up';
  const title = isOld ? t('error.stepUp.title') : errorTitle(t, problemDocument.code);
  return (
    <Layout title={title} viewer={null} width="narrow">
      <div class="error-page">
        <p class="error-status">{problemDocument.status}</p>
        <h1>{title}</h1>
        {problemDocument.detail && !isOld ? <p>{problemDocument.detail}</p> : null}
        <p>{t(isOld ? 'error.stepUp.advice' : `error.advice.${statusKey(problemDocument.status)}`)}</p>
        {typeof wait === 'number' ? <p>{t('error.retryAfter', { wait: formatWait(t, wait) })}</p> : null}
        <p class="actions">
          <a class="btn" data-tone="main" href={nextPage(problemDocument, baseUrl)}>
            {t(problemDocument.status === 401 || isOld ? 'layout.signIn' : 'error.openHomePage')}
          </a>
          <a class="btn" data-tone="plain" href="/settings">
            {t('error.openSettings')}
          </a>
        </p>
        <p class="hint">
          {t('error.requestId')} <code>{problemDocument.requestId}</code>
        </p>
      </div>
    </Layout>
  );
}

function nextPage({ status, code }: ProblemDocument, baseUrl: string): string {
  if (code === 'auth.step_up') return '/login?again=1&next=/admin/users';
  return status === 401 ? '/login' : baseUrl;
}

/** Statuses that have words of their own; the others share one for 4xx and one for 5xx. */
function statusKey(status: number): string {
  if (statusesWithText.includes(status)) return String(status);
  return status >= 500 ? 'serverError' : 'clientError';
}
