import { AdminNav } from '../../admin/index.js';
import { translations } from '../../platform/i18n/translations.js';
import { CopyButton, Section } from '../../platform/ui/components.js';
import { Field, SelectField } from '../../platform/ui/form.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { renderPage } from '../../platform/ui/render-page.js';
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
  const scripts = (
    <>
      <script src="/embed/v1.js" defer />
      <script src="/embed/preview.js" defer />
    </>
  );
  return (
    <Layout title="Widget" viewer={viewer} width="wide" current="/admin/users" head={scripts}>
      <AdminNav current="widget" />
      <h1>Widget</h1>
      <p>
        What people see in a page of your product, with sample data. Choose its colours, then copy the lines
        below into your page.
      </p>
      <noscript>
        <p>The preview needs JavaScript, as the widget does.</p>
      </noscript>
      <div class="preview">
        <form
          id="preview-form"
          class="form"
          data-samples={JSON.stringify(samples)}
          data-base-url={baseUrl}
          aria-label="Preview"
        >
          <SelectField id="state" name="state" label="State" value="ready" options={states} />
          <SelectField id="theme" name="theme" label="Theme" value="" options={themes} />
          <SelectField
            id="language"
            name="language"
            label="Language"
            value={locale}
            options={translations.locales.map((own) => [own, translations.forLocale(own)('language.name')])}
          />
          <SelectField id="width" name="width" label="Width" value="" options={widths} />
          <SelectField id="radius" name="radius" label="Corners" value="" options={corners} />
          <Field
            id="font"
            name="font"
            label="Font"
            maxlength={100}
            autocomplete="off"
            hint="As in CSS, such as: 1rem/1.5 Georgia, serif"
          />
          {themeColours.map((colour) => (
            <ColourFields key={colour.name} colour={colour} />
          ))}
          <button type="reset" class="btn" data-tone="plain">
            Reset
          </button>
        </form>
        <div class="preview-stage" id="stage" />
      </div>
      <Section id="snippet" title="Lines for your page">
        <pre class="preview-snippet" tabindex={0} aria-label="Lines for your page">
          <code id="lines" />
        </pre>
        <CopyButton text="" label="Copy the lines" />
        <p class="hint">
          Your server answers the token at this address:{' '}
          <code>POST /api/v1/people/{'{externalId}'}/tokens</code>.
        </p>
      </Section>
    </Layout>
  );
}

function ColourFields({ colour: { name, title, light, dark } }: { colour: ThemeColour }) {
  return (
    <fieldset class="preview-colours" data-variable={name}>
      <legend>{title}</legend>
      <label>
        Light <input type="color" name={`${name}-light`} value={light} data-default={light} />
      </label>
      <label>
        Dark <input type="color" name={`${name}-dark`} value={dark} data-default={dark} />
      </label>
    </fieldset>
  );
}

const states = [
  ['ready', 'With invites'],
  ['empty', 'No invites yet'],
  ['paused', 'Programme paused'],
  ['loading', 'Loading'],
  ['failed', 'Not loaded'],
] as const;
const themes = [
  ['', 'As the browser prefers'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;
const widths = [
  ['', 'As wide as it may be'],
  ['22rem', 'A sidebar'],
  ['18rem', 'A small phone'],
] as const;
const corners = [
  ['', 'Round'],
  ['0.25rem', 'Less round'],
  ['0', 'Square'],
] as const;
