import { emailTemplates, type EmailTemplate } from '../emails/render-email.js';
import { Layout } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';

/** Every email in every language of `locales`, each in a frame of its own, with examples. */
export function emailGalleryPage(locales: readonly string[], locale: string): string {
  return renderPage(<Gallery locales={locales} />, locale);
}

function Gallery({ locales }: { locales: readonly string[] }) {
  const t = useTranslate();
  return (
    <Layout title={t('devMail.gallery')} viewer={null} width="wide">
      <p>
        <a href="/dev/mail">← {t('devMail.all')}</a>
      </p>
      <h1>{t('devMail.gallery')}</h1>
      <p class="lead">{t('devMail.galleryIntro')}</p>
      <div class="stack">
        {emailTemplates.map((name) => (
          <section key={name} class="card" id={name} aria-labelledby={`${name}-title`}>
            <h2 id={`${name}-title`}>
              <code>{name}</code>
            </h2>
            <div class="email-frames">
              {locales.map((own) => (
                <Frame key={own} name={name} locale={own} />
              ))}
            </div>
          </section>
        ))}
      </div>
    </Layout>
  );
}

function Frame({ name, locale }: { name: EmailTemplate; locale: string }) {
  const t = useTranslate();
  const href = `/dev/mail/examples/${name}/${locale}`;
  return (
    <div>
      <p>
        <a href={href} lang={locale}>
          {locale}
        </a>{' '}
        <a href={`${href}?part=text`}>{t('devMail.asText')}</a>
      </p>
      <iframe
        class="email-frame"
        src={href}
        title={t('devMail.frame', { name, locale })}
        loading="lazy"
        sandbox=""
      />
    </div>
  );
}
