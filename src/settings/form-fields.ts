/** The fields of a posted form, as they came: text, or a list where a name came twice. */
export type Fields = Record<string, unknown>;

/** A field's text; empty when it is missing or came twice. */
export function textOf(fields: Fields | undefined, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' ? value : '';
}

/** A code and its challenge, as a form carries them. Spaces around digits do not matter. */
export function codeOf(
  fields: Fields | undefined,
  challenge = 'challengeId',
  code = 'code',
): { challengeId: string; code: string } {
  return { challengeId: textOf(fields, challenge), code: textOf(fields, code).replaceAll(/\s/g, '') };
}
