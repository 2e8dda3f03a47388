/** The texts of every language by their keys in `locales/`; the build puts them in. */
declare const TWOFOLD_TEXTS: Record<string, Record<string, string>>;

/** Says a text by its key, and dates and days as the language writes them. */
export interface Texts {
  readonly locale: string;
  (key: string): string;
  date(iso: string): string;
  days(days: number): string;
}

/** The texts of the first of these languages that there is, else English ones. */
export function textsFor(languages: readonly (string | null | undefined)[]): Texts {
  const tag = languages.find((language) => language && baseOf(language) in TWOFOLD_TEXTS) ?? 'en';
  const locale = baseOf(tag);
  const texts = TWOFOLD_TEXTS[locale] ?? {};
  const dates = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' });
  const days = new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 0,
  });
  return Object.assign((key: string) => texts[key] ?? key, {
    locale,
    date: (iso: string) => dates.format(new Date(iso)),
    days: (count: number) => days.format(count),
  });
}

function baseOf(language: string): string {
  return language.toLowerCase().split('-')[0] ?? '';
}
