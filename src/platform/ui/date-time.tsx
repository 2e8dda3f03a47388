/** Whom a time is shown to: a BCP 47 locale and an IANA time zone. */
export interface ReaderSettings {
  locale: string;
  timeZone: string;
}

/** Where nothing is known about the reader. */
export const defaultReader: ReaderSettings = { locale: 'en-GB', timeZone: 'UTC' };

/** A moment in the reader's time zone, with the zone named unless only the date matters. */
export function DateTime({
  at,
  readerSettings,
  dateOnly = false,
}: {
  at: Date;
  readerSettings: ReaderSettings;
  dateOnly?: boolean;
}) {
  const { text, lang } = formatOrFallback(at, readerSettings, dateOnly);
  return (
    <time datetime={at.toISOString()} lang={lang} class={dateOnly ? 'date' : undefined}>
      {text}
    </time>
  );
}

/** A day as its reader writes it, in their time zone. */
export function formatDay(at: Date, readerSettings: ReaderSettings): string {
  return formatOrFallback(at, readerSettings, true).text;
}

/**
 * Stored settings may be older than this machine's tables of locales and zones: then English and
 * UTC serve.
 */
function formatOrFallback(
  at: Date,
  readerSettings: ReaderSettings,
  dateOnly: boolean,
): { text: string; lang: string } {
  try {
    return { text: format(at, readerSettings, dateOnly), lang: readerSettings.locale };
  } catch {
    return { text: format(at, defaultReader, dateOnly), lang: defaultReader.locale };
  }
}

/**
 * Making a format costs a hundred times what using it does. Readers choose among few; further ones
 * are not cached.
 */
const formats = new Map<string, Intl.DateTimeFormat>();
const maxFormats = 500;

function format(at: Date, readerSettings: ReaderSettings, dateOnly: boolean): string {
  const key = `${readerSettings.locale} ${readerSettings.timeZone} ${dateOnly}`;
  const known = formats.get(key);
  if (known !== undefined) return known.format(at);
  const made = formatFor(readerSettings, dateOnly);
  if (formats.size < maxFormats) formats.set(key, made);
  return made.format(at);
}

function formatFor({ locale, timeZone }: ReaderSettings, dateOnly: boolean): Intl.DateTimeFormat {
  const date = { year: 'numeric', month: 'short', day: 'numeric', timeZone } as const;
  const time = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat(locale, dateOnly ? date : { ...date, ...time });
}
