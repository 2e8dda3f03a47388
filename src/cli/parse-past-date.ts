const isoPattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;
const firstYear = 1970;

/**
 * A date or moment as ISO 8601 writes it; UTC where it names no zone. Null for anything else, for a day that does
 * not exist, and for what lies after `now`.
 */
export function parsePastDate(text: string, now: Date): Date | null {
  const [, year = '', month = '', day = '', time = '00:00', zone = 'Z'] = isoPattern.exec(text) ?? [];
  if (Number(year) < firstYear || !isCalendarDay(Number(year), Number(month), Number(day))) return null;
  const moment = new Date(`${year}-${month}-${day}T${time}${zone}`);
  return Number.isNaN(moment.getTime()) || moment > now ? null : moment;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
