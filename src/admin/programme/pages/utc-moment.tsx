import { Moment } from '../../../platform/pages/moment.js';
import { useWords } from '../../../platform/pages/use-words.js';

/** A moment in the language of the page and in UTC, as all times of the console are. */
export function UtcMoment({ at }: { at: Date }) {
  const { locale } = useWords();
  return <Moment at={at} reader={{ locale: locale === 'en' ? 'en-GB' : locale, timeZone: 'UTC' }} />;
}
