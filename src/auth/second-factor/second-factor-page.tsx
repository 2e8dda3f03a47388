import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { assetUrls } from '../../platform/ui/assets.js';
import { ErrorBanner } from '../../platform/ui/components.js';
import { SubmitButton } from '../../platform/ui/form.js';
import { Layout, type Viewer } from '../../platform/ui/layout.js';
import { renderPage, useTranslate } from '../../platform/ui/render-page.js';
import { stepUpFields } from '../sign-in/step-up-page.js';

/**
 * A question for a second factor. `action` and `fields` are those of the form that goes on
 * afterwards; `proofOptions` is null for a person without passkeys, `hasCodes` true for one with an
 * app or recovery codes; `problem` says why a factor was refused.
 */
export interface SecondFactorPageModel {
  viewer: Viewer;
  action: string;
  fields: readonly (readonly [name: string, value: string])[];
  proofOptions: PublicKeyCredentialRequestOptionsJSON | null;
  hasCodes: boolean;
  why: string;
  problem: string | null;
}

/** The page; it posts the form, with a code or the answer of a passkey, to `action`. */
export function secondFactorPage(model: SecondFactorPageModel, locale?: string): string {
  return renderPage(<SecondFactorPage {...model} />, locale);
}

function SecondFactorPage(model: SecondFactorPageModel) {
  const { viewer, why, problem, proofOptions, hasCodes } = model;
  const t = useTranslate();
  return (
    <Layout title={t('secondFactor.prove.title')} viewer={viewer} width="narrow" head={<PasskeyScript />}>
      <h1>{t('secondFactor.prove.title')}</h1>
      <p>{why}</p>
      <ErrorBanner text={problem} />
      <div class="stack">
        {proofOptions === null ? null : (
          <div class="card">
            <form method="post" action={model.action} class="form">
              <HiddenFields {...model} />
              <PasskeyButton
                ceremony="prove"
                field={stepUpFields.passkey}
                options={proofOptions}
                label={t('secondFactor.prove.usePasskey')}
              />
            </form>
          </div>
        )}
        {hasCodes ? (
          <div class="card">
            <form method="post" action={model.action} class="form">
              <HiddenFields {...model} />
              <FactorCodeField name={stepUpFields.factor} invalid={problem !== null} />
              <SubmitButton>{t('stepUp.confirm')}</SubmitButton>
            </form>
          </div>
        ) : null}
        <p class="hint">{t('secondFactor.prove.lost')}</p>
      </div>
    </Layout>
  );
}

function HiddenFields({ viewer, fields }: Pick<SecondFactorPageModel, 'viewer' | 'fields'>) {
  return (
    <>
      <input type="hidden" name="_csrf" value={viewer.csrf} />
      {fields.map(([name, value], index) => (
        <input key={index} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

/** Six digits of an app, or a recovery code. */
function FactorCodeField({ name, invalid }: { name: string; invalid: boolean }) {
  const t = useTranslate();
  return (
    <div class="field">
      <label for="factor">{t('secondFactor.prove.code')}</label>
      <input
        id="factor"
        name={name}
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck={false}
        maxlength={40}
        required
        aria-describedby="factor-hint"
        aria-invalid={invalid ? 'true' : undefined}
      />
      <p class="hint" id="factor-hint">
        {t('secondFactor.prove.codeHint')}
      </p>
    </div>
  );
}

/** The script of {@link PasskeyButton}, for the head of a page. */
export function PasskeyScript() {
  return <script src={assetUrls.passkeys} defer />;
}

/** Asks the browser for a passkey, and sends its answer with the form, as `field`. */
export function PasskeyButton({
  ceremony,
  field,
  options,
  label,
}: {
  ceremony: 'add' | 'prove';
  field: string;
  options: object;
  label: string;
}) {
  const t = useTranslate();
  return (
    <>
      <input type="hidden" name={field} value="" />
      <button
        type="button"
        class="btn"
        data-tone="main"
        data-passkey={ceremony}
        data-field={field}
        data-options={JSON.stringify(options)}
        data-problem="passkey-problem"
        hidden
      >
        {label}
      </button>
      <p id="passkey-problem" class="banner" data-tone="bad" role="alert" hidden>
        {t('secondFactor.passkeyFailed')}
      </p>
      <noscript>
        <p class="hint">{t('secondFactor.passkeyNeedsScript')}</p>
      </noscript>
    </>
  );
}
