import { eventTypes } from '../../../outgoing-webhooks/index.js';
import { textField, type FormFields } from '../../../platform/http/form-fields.js';
import { Badge } from '../../../platform/ui/components.js';
import { Field } from '../../../platform/ui/form.js';
import { useTranslate } from '../../../platform/ui/render-page.js';
import type { EndpointDto } from '../../../outgoing-webhooks/index.js';
import { eventField } from '../webhook-form.js';

/** The fields of an endpoint, with what was typed. */
export function EndpointFields({ fields }: { fields: FormFields }) {
  const t = useTranslate();
  return (
    <>
      <Field
        id="url"
        name="url"
        label={t('webhookPages.url')}
        hint={t('webhookPages.urlHint')}
        value={textField(fields, 'url')}
        maxlength={2000}
        required
      />
      <Field
        id="description"
        name="description"
        label={t('webhookPages.description')}
        hint={t('webhookPages.descriptionHint')}
        value={textField(fields, 'description')}
        maxlength={500}
      />
      <fieldset class="field-group">
        <legend>{t('webhookPages.events')}</legend>
        <p class="hint">{t('webhookPages.eventsHint')}</p>
        {eventTypes.map((type) => (
          <label key={type} class="check">
            <input
              type="checkbox"
              name={eventField(type)}
              value="yes"
              checked={textField(fields, eventField(type)) === 'yes'}
            />
            <span>
              <code>{type}</code>
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}

/** The fields of a form as they are for an endpoint. */
export function fieldsOf({ url, description, events }: EndpointDto): FormFields {
  const fields: FormFields = { url, description: description ?? '' };
  for (const type of events ?? []) fields[eventField(type)] = 'yes';
  return fields;
}

/** Whether webhooks are sent to an endpoint, and why not. */
export function EndpointState({ endpoint }: { endpoint: EndpointDto }) {
  const t = useTranslate();
  const { disabledReason, failingSince } = endpoint;
  if (disabledReason !== null) return <Badge tone="bad">{t(`webhookPages.state.${disabledReason}`)}</Badge>;
  if (failingSince !== null) return <Badge tone="warn">{t('webhookPages.state.stillTried')}</Badge>;
  return <Badge tone="good">{t('webhookPages.state.enabled')}</Badge>;
}
