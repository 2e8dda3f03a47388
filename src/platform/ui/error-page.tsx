import { getBrand } from '../brand.js';
import type { ProblemDocument } from '../http/problem-document.js';
import { errorTitle, type ErrorCode } from '../errors.js';
import { Layout } from './layout.js';
import { renderPage, useTranslate } from './render-page.js';
import { safeHref } from './safe-href.js';
import { formatWait } from './format.js';

const statusesWithText = [401, 403, 404, 409, 413, 422, 429, 502, 503];

/** Errors with advice of their own, by their key in the translations. */
const ownAdvice: Partial<Record<ErrorCode, string>> = {
  'auth.step_up': 'stepUp',
  'auth.sso_unreadable': 'ssoUnreadable',
  'auth.sso_refused': 'ssoRefused',
  'auth.sso_expired': 'ssoExpired',
  'auth.sso_needs_code': 'ssoNeedsCode',
  'auth.sso_keys_unreachable': 'ssoKeysUnreachable',
};

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
  const own = ownAdvice[problemDocument.code];
  const title = errorTitle(t, problemDocument.code);
  return (
    <Layout title={title} viewer={null} width="narrow">
      <div class="error-page">
        <p class="error-status">{problemDocument.status}</p>
        <h1>{title}</h1>
        {problemDocument.detail && !own ? <p>{problemDocument.detail}</p> : null}
        <p>{t(own ? `error.${own}.advice` : `error.advice.${statusKey(problemDocument.status)}`)}</p>
        {typeof wait === 'number' ? <p>{t('error.retryAfter', { wait: formatWait(t, wait) })}</p> : null}
        <NextPages problemDocument={problemDocument} baseUrl={baseUrl} />
        <p class="hint">
          {t('error.requestId')} <code>{problemDocument.requestId}</code>
        </p>
      </div>
    </Layout>
  );
}

/** After an SSO link the way leads back to the product that made it, or to the code. */
function NextPages({ problemDocument, baseUrl }: { problemDocument: ProblemDocument; baseUrl: string }) {
  const t = useTranslate();
  const { status, code } = problemDocument;
  const isSso = code.startsWith('auth.sso_');
  const { productUrl } = getBrand();
  const product = productUrl === null || !isSso ? null : safeHref(productUrl);
  const signsIn = isSso || status === 401 || code === 'auth.step_up';
  return (
    <p class="actions">
      {product === null ? null : (
        <a class="btn" data-tone="main" href={product}>
          {t('layout.backTo')}
        </a>
      )}
      <a
        class="btn"
        data-tone={product === null ? 'main' : 'plain'}
        href={isSso ? '/login' : nextPage(problemDocument, baseUrl)}
      >
        {t(signsIn ? 'layout.signIn' : 'error.openHomePage')}
      </a>
      {isSso ? null : (
        <a class="btn" data-tone="plain" href="/settings">
          {t('error.openSettings')}
        </a>
      )}
    </p>
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
