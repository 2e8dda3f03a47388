import { isId } from '../ids.js';
import { isPlainText } from './plain-text.js';
import { invalid } from './validation.js';

/** The fields of a posted form or a query, as they came: text, or a list where a name came twice. */
export type Fields = Record<string, unknown>;

/** A field's text; empty when it is missing, came twice, or holds what cannot be stored. */
export function textOf(fields: Fields | undefined, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' && isPlainText(value) ? value : '';
}

/**
 * A code and its challenge, as a form carries them. Spaces around digits do not matter.
 * Errors: `request.invalid` for what cannot be a code, so that it costs no attempt.
 */
export function codeOf(
  fields: Fields | undefined,
  challenge = 'challengeId',
  code = 'code',
): { challengeId: string; code: string } {
  const given = { challengeId: textOf(fields, challenge), code: textOf(fields, code).replaceAll(/\s/g, '') };
  if (!isId(given.challengeId) || !/^\d{6}$/.test(given.code))
    throw invalid([{ path: code, message: 'The code has six digits.' }]);
  return given;
}
