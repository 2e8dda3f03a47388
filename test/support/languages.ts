/** The languages that every installation has. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** A text in each of them. */
export type InLanguages = Readonly<Record<Language, string>>;

/** A day as people write it in UTC: "Nov 15, 2026"; `long`: "November 15, 2026". */
export function dayIn(language: Language, at: Date, dateStyle: 'medium' | 'long' = 'medium'): string {
  return new Intl.DateTimeFormat(language, { dateStyle, timeZone: 'UTC' }).format(at);
}
