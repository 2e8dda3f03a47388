import { eventTypes, type CreateEndpointDto } from '../../outgoing-webhooks/index.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { invalidField } from '../../platform/http/validation.js';

/** The name of the box of a type of event. */
export function eventField(type: string): string {
  return `event:${type}`;
}

/**
 * The endpoint that a form describes; without a chosen type, it gets all events. Errors:
 * `request.invalid` naming the field that will not do. Whether the URL may be used is for the
 * service to say.
 */
export function parseEndpoint(fields: FormFields): CreateEndpointDto {
  const url = textField(fields, 'url').trim();
  if (url === '') throw invalidField('url', 'webhookPages.problem.url');
  const description = textField(fields, 'description').trim();
  if (description.length > 500 || /\p{Cc}/u.test(description))
    throw invalidField('description', 'webhookPages.problem.description');
  const chosen = eventTypes.filter((type) => textField(fields, eventField(type)) === 'yes');
  return {
    url,
    events: chosen.length === 0 ? null : chosen,
    description: description === '' ? null : description,
  };
}
