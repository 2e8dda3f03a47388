import type { Problem } from '../http/problem.js';
import { Layout } from './layout.js';
import { renderPage } from './render-page.js';
import { useWords } from './use-words.js';
import { waitIn } from './words.js';

const advised = [401, 403, 404, 409, 413, 422, 429, 502, 503];

/** The page for a request that failed, in a language. `baseUrl` is where the site's first page is. */
export function errorPage(problem: Problem, baseUrl: string, locale?: string): string {
  return renderPage(<ErrorPage problem={problem} baseUrl={baseUrl} />, locale);
}

function ErrorPage({ problem, baseUrl }: { problem: Problem; baseUrl: string }) {
  const t = useWords();
  const wait = problem['retryAfterSeconds'];
  const isEnglish = t.locale.startsWith('en');
  const isOld = problem.code === 'auth.step_up';
  const title = isOld
    ? t('error.stepUp.title')
    : isEnglish
      ? problem.title
      : t(`error.titles.${titled(problem.status)}`);
  return (
    <Layout title={title} viewer={null} width="narrow">
      <div class="error-page">
        <p class="error-status">{problem.status}</p>
        <h1>{title}</h1>
        {problem.detail && isEnglish && !isOld ? <p>{problem.detail}</p> : null}
        <p>{t(isOld ? 'error.stepUp.advice' : `error.advice.${titled(problem.status)}`)}</p>
        {typeof wait === 'number' ? <p>{t('error.wait', { wait: waitIn(t, wait) })}</p> : null}
        <p class="actions">
          <a class="btn" data-tone="main" href={wayOut(problem, baseUrl)}>
            {t(problem.status === 401 || isOld ? 'layout.signIn' : 'error.toFirstPage')}
          </a>
          <a class="btn" data-tone="plain" href="/settings">
            {t('error.toSettings')}
          </a>
        </p>
        <p class="hint">
          {t('error.request')} <code>{problem.requestId}</code>
        </p>
      </div>
    </Layout>
  );
}

function wayOut({ status, code }: Problem, baseUrl: string): string {
  if (code === 'auth.step_up') return '/login?again=1&next=/admin/users';
  return status === 401 ? '/login' : baseUrl;
}

/** Statuses that have words of their own; the others share those of ours and of theirs. */
function titled(status: number): string {
  if (advised.includes(status)) return String(status);
  return status >= 500 ? 'ours' : 'theirs';
}
