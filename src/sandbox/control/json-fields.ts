import { invalid } from '../api/errors.js';
import { emptyForm, parseForm, type Form } from '../api/form.js';
import { Params } from '../api/params.js';

/** Reads what was sent along with a call of the control API, as a form or as JSON. *errors* JSON that is no object */
export function fieldsIn(body: unknown, contentType: string | undefined): Params {
  const text = typeof body === 'string' ? body : '';
  if (contentType?.startsWith('application/json') !== true) return new Params(parseForm(text));
  return new Params(text === '' ? emptyForm() : formOf(parsed(text)));
}

function parsed(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('body', 'The body is no JSON.');
  }
  if (typeof value !== 'object' || value === null) throw invalid('body', 'The body is no JSON object.');
  return value;
}

function formOf(object: object): Form {
  const form = emptyForm();
  for (const [name, value] of Object.entries(object)) {
    if (value === null) continue;
    form[name] = typeof value === 'object' ? formOf(value) : String(value);
  }
  return form;
}
