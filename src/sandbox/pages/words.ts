/** Money for people. *unit* `cents` */
export function money(cents: number | null, currency: string | null): string {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency: currency ?? 'usd' }).format(
    (cents ?? 0) / 100,
  );
}

/** A day for people, in UTC. *unit* seconds since 1970 */
export function day(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(seconds * 1_000);
}

/** A moment for people, in UTC. *unit* milliseconds since 1970 */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
