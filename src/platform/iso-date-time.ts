/**
 * A day, and a time with its zone where there is one: nothing that depends on where a machine
 * stands.
 */
const isoPattern = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A moment as ISO 8601 writes it, a date alone being midnight in UTC. Null for anything else. */
export function parseIsoDateTime(text: string): Date | null {
  const [, day] = isoPattern.exec(text) ?? [];
  const moment = new Date(text);
  return day === undefined || Number.isNaN(moment.getTime()) || !isCalendarDay(day) ? null : moment;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isCalendarDay(day: string): boolean {
  return new Date(day).toISOString().startsWith(day);
}
