import { SubmitButton } from '../../platform/ui/form.js';
import { Layout } from '../../platform/ui/layout.js';
import { Banner } from '../../platform/ui/components.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';

/**
 * What a link to stop emails leads to. `kind` is a kind of email, `token` what the link carries.
 */
export type UnsubscribePageModel =
  { state: 'unknown' } | { state: 'asked' | 'stopped' | 'undone'; token: string; kind: string };

/**
 * Asks whether to stop emails, and offers the way back. Posts to /unsubscribe/{token}, with `again`
 * to undo it.
 */
export function unsubscribePage(model: UnsubscribePageModel, locale: string): string {
  return renderPage(<UnsubscribePage model={model} />, locale);
}

function UnsubscribePage({ model }: { model: UnsubscribePageModel }) {
  const t = useTranslate();
  const title = t(model.state === 'asked' ? 'unsubscribe.title' : 'emailPreferences.title');
  return (
    <Layout title={title} viewer={null} width="narrow">
      <h1>{title}</h1>
      {model.state === 'unknown' ? (
        <p>{t('unsubscribe.unknownLink')}</p>
      ) : (
        <>
          {model.state === 'asked' ? <p>{t('unsubscribe.question')}</p> : null}
          {model.state === 'stopped' ? <Banner tone="good">{t('unsubscribe.done')}</Banner> : null}
          {model.state === 'undone' ? <Banner tone="good">{t('unsubscribe.resubscribed')}</Banner> : null}
          <p>
            <strong>{t(`emailPreferences.${model.kind}`)}</strong>
          </p>
          <form method="post" action={`/unsubscribe/${encodeURIComponent(model.token)}`} class="form">
            {model.state === 'stopped' ? <input type="hidden" name="again" value="yes" /> : null}
            <SubmitButton>
              {t(model.state === 'stopped' ? 'unsubscribe.resubscribe' : 'unsubscribe.confirm')}
            </SubmitButton>
          </form>
        </>
      )}
      <p>
        <a href="/settings#emails">{t('unsubscribe.openSettings')}</a>
      </p>
    </Layout>
  );
}
