/** Whom a time is shown to: a BCP 47 locale and an IANA time zone. */
export interface Reader {
  locale: string;
  timeZone: string;
}

/** Where nothing is known about the reader. */
export const anybody: Reader = { locale: 'en-GB', timeZone: 'UTC' };

/** A moment in the reader's time zone, with the zone named unless only the date matters. */
export function Moment({ at, reader, dateOnly = false }: { at: Date; reader: Reader; dateOnly?: boolean }) {
  const { text, lang } = inWords(at, reader, dateOnly);
  return (
    <time dateTime={at.toISOString()} lang={lang} class={dateOnly ? 'date' : undefined}>
      {text}
    </time>
  );
}

/** Stored settings may be older than this machine's tables of locales and zones: then English and UTC serve. */
function inWords(at: Date, reader: Reader, dateOnly: boolean): { text: string; lang: string } {
  try {
    return { text: format(at, reader, dateOnly), lang: reader.locale };
  } catch {
    return { text: format(at, anybody, dateOnly), lang: anybody.locale };
  }
}

/** Making a format costs a hundred times what using it does. Readers choose among few; whoever invents more gets none kept. */
const formats = new Map<string, Intl.DateTimeFormat>();
const formatsAtMost = 500;

function format(at: Date, reader: Reader, dateOnly: boolean): string {
  const key = `${reader.locale} ${reader.timeZone} ${dateOnly}`;
  const known = formats.get(key);
  if (known !== undefined) return known.format(at);
  const made = formatFor(reader, dateOnly);
  if (formats.size < formatsAtMost) formats.set(key, made);
  return made.format(at);
}

function formatFor({ locale, timeZone }: Reader, dateOnly: boolean): Intl.DateTimeFormat {
  const date = { year: 'numeric', month: 'short', day: 'numeric', timeZone } as const;
  const time = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat(locale, dateOnly ? date : { ...date, ...time });
}
