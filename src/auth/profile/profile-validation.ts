import type { ErrorText } from '../../platform/errors.js';

const maxNameLength = 60;

/**
 * Why `name` cannot be shown in an invitation, or null when it can. Other people read it, so it
 * must not lead them to another site.
 */
export function displayNameProblem(name: string): ErrorText | null {
  if ([...name].length > maxNameLength)
    return { key: 'profile.problem.tooLong', values: { max: maxNameLength } };
  if (/\p{C}/u.test(name)) return { key: 'profile.problem.invisible' };
  if (/:\/\/|www\.|[\p{L}\d-]\.\p{L}{2,}/iu.test(name)) return { key: 'profile.problem.webAddress' };
  return null;
}

/** A BCP 47 language tag in its canonical spelling, or null. */
export function parseLocale(text: string): string | null {
  try {
    return text.length <= 35 ? (Intl.getCanonicalLocales(text)[0] ?? null) : null;
  } catch {
    return null; // how Intl says that it is none
  }
}

/**
 * A time zone of the IANA database in its canonical spelling, or null. Offsets are not accepted:
 * they have no daylight saving time.
 */
export function parseTimeZone(text: string): string | null {
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(text)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null; // how Intl says that it is none
  }
}
