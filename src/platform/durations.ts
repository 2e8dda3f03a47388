/** Lengths of time in milliseconds. A day is always 24 hours, in UTC. */
export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Whole days from `now` until `moment`, rounded up; 0 when past or absent. */
export function daysUntil(moment: Date | null, now: Date): number {
  return moment === null ? 0 : Math.max(0, Math.ceil((moment.getTime() - now.getTime()) / dayMs));
}

/** `moment` moved by `ms` milliseconds. */
export function addMs(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}

/** As much of a length as whole days fit in. */
export function floorToDays(ms: number): number {
  return Math.floor(ms / dayMs) * dayMs;
}
