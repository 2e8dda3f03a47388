import type { NewApiKey } from '../../auth/index.js';
import { textField, type FormFields } from '../../platform/http/form-fields.js';
import { invalidField } from '../../platform/http/validation.js';
import { parseKeyName, scopes } from '../../platform/security/api-key.js';
import { parseOrigin } from '../../platform/origin.js';
import { parseWholeNumber } from '../admin-forms.js';

/** The name of the box of a scope. */
export function scopeField(scope: string): string {
  return `scope:${scope}`;
}

/** The key that a form asks for. Errors: `request.invalid` naming the field that will not do. */
export function parseNewApiKey(fields: FormFields): NewApiKey {
  const name = parseKeyName(textField(fields, 'name'));
  if (name === null) throw invalidField('name', 'console.problem.keyName');
  const chosen = scopes.filter((scope) => textField(fields, scopeField(scope)) === 'yes');
  if (chosen.length === 0) throw invalidField('scopes', 'console.problem.keyScopes');
  const requestsPerMinute = parseWholeNumber(fields, 'requestsPerMinute', 1_000_000);
  return {
    ...{ name, scopes: chosen, origins: parseOrigins(textField(fields, 'origins')) },
    expiresInDays: parseWholeNumber(fields, 'expiresInDays', 3650),
    ...(requestsPerMinute === null ? {} : { requestsPerMinute }),
  };
}

/** For how many hours a key may act beside its successor. */
export const overlaps = ['0', '1', '24', '168', '720'] as const;
/** The one that is chosen by default. */
export const usualOverlap = '24';

/** The hours that a form asks for. */
export function parseOverlapHours(fields: FormFields): number {
  const chosen = textField(fields, 'overlapHours');
  return Number(overlaps.find((hours) => hours === chosen) ?? usualOverlap);
}

function parseOrigins(text: string): string[] {
  const typed = text.split(/\s+/).filter((origin) => origin !== '');
  return typed.slice(0, 100).map((origin) => {
    const parsed = parseOrigin(origin);
    if (parsed !== null) return parsed;
    throw invalidField('origins', 'console.problem.keyOrigin');
  });
}
