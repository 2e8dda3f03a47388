import { AdminNav } from '../../admin/index.js';
import { translations } from '../../platform/i18n/translations.js';
import { CopyButton, Section } from '../../platform/ui/components.js';
import { Field, SelectField } from '../../platform/ui/form.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { themeColours, type ThemeColour } from './theme.js';

/** What the preview of the widget shows. `samples` are by language and state. */
export interface PreviewPageModel {
  viewer: Viewer;
  baseUrl: string;
  samples: Record<string, Record<string, unknown>>;
}

/** The widget with sample data, the colours it can have, and the lines for a page of the host. */
export function previewPage(model: PreviewPageModel, locale: string): string {
  return renderPage(<Page model={model} locale={locale} />, locale);
}

function Page({ model: { viewer, baseUrl, samples }, locale }: { model: PreviewPageModel; locale: string }) {
  const t = useTranslate();
  const named = (group: string, choices: readonly (readonly [value: string, name: string])[]) =>
    choices.map(([value, name]) => [value, t(`widgetPreview.${group}.${name}`)] as const);
  const scripts = (
    <>
      <script src="/embed/v1.js" defer />
      <script src="/embed/preview.js" defer />
    </>
  );
  return (
    <Layout
      title={t('widgetPreview.title')}
      viewer={viewer}
      width="wide"
      current="/admin/users"
      head={scripts}
    >
      <AdminNav current="widget" />
      <h1>{t('widgetPreview.title')}</h1>
      <p>{t('widgetPreview.intro')}</p>
      <noscript>
        <p>{t('widgetPreview.noScript')}</p>
      </noscript>
      <div data-scripted hidden>
        <div class="preview">
          <form
            id="preview-form"
            class="form"
            data-samples={JSON.stringify(samples)}
            data-base-url={baseUrl}
            data-style-sheet={t('widgetPreview.styleSheet')}
            aria-label={t('widgetPreview.form')}
          >
            <SelectField
              id="state"
              name="state"
              label={t('widgetPreview.state')}
              value="ready"
              options={named(
                'states',
                states.map((own) => [own, own] as const),
              )}
            />
            <SelectField
              id="theme"
              name="theme"
              label={t('widgetPreview.theme')}
              value=""
              options={named('themes', themes)}
            />
            <SelectField
              id="language"
              name="language"
              label={t('widgetPreview.language')}
              value={locale}
              options={translations.locales.map((own) => [own, translations.forLocale(own)('language.name')])}
            />
            <SelectField
              id="width"
              name="width"
              label={t('widgetPreview.width')}
              value=""
              options={named('widths', widths)}
            />
            <SelectField
              id="radius"
              name="radius"
              label={t('widgetPreview.corners')}
              value=""
              options={named('cornerShapes', corners)}
            />
            <Field
              id="font"
              name="font"
              label={t('widgetPreview.font')}
              maxlength={100}
              autocomplete="off"
              hint={t('widgetPreview.fontHint', { example: '1rem/1.5 Georgia, serif' })}
            />
            {themeColours.map((colour) => (
              <ColourFields key={colour.name} colour={colour} />
            ))}
            <button type="reset" class="btn" data-tone="plain">
              {t('widgetPreview.reset')}
            </button>
          </form>
          <div class="preview-stage" id="stage" />
        </div>
        <Section id="snippet" title={t('widgetPreview.lines')}>
          <pre class="preview-snippet" tabindex={0} aria-label={t('widgetPreview.lines')}>
            <code id="lines" />
          </pre>
          <CopyButton text="" label={t('widgetPreview.copyLines')} />
          <p class="hint">
            {t('widgetPreview.tokenHint')} <code>POST /api/v1/people/{'{externalId}'}/tokens</code>.
          </p>
        </Section>
      </div>
    </Layout>
  );
}

function ColourFields({ colour: { name, light, dark } }: { colour: ThemeColour }) {
  const t = useTranslate();
  return (
    <fieldset class="preview-colours" data-variable={name}>
      <legend>{t(`widgetPreview.colours.${name}`)}</legend>
      <label>
        {t('widgetPreview.themes.light')}{' '}
        <input type="color" name={`${name}-light`} value={light} data-default={light} />
      </label>
      <label>
        {t('widgetPreview.themes.dark')}{' '}
        <input type="color" name={`${name}-dark`} value={dark} data-default={dark} />
      </label>
    </fieldset>
  );
}

const states = ['ready', 'empty', 'paused', 'loading', 'failed'] as const;
const themes = [
  ['', 'auto'],
  ['light', 'light'],
  ['dark', 'dark'],
] as const;
const widths = [
  ['', 'widest'],
  ['22rem', 'sidebar'],
  ['18rem', 'phone'],
] as const;
const corners = [
  ['', 'round'],
  ['0.25rem', 'less'],
  ['0', 'square'],
] as const;
