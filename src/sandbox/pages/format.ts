const zeroDecimals = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const threeDecimals = 'bhd jod kwd omr tnd'.split(' ');

/** Money for people, with Stripe's decimals. *unit* `amount` in the currency's minor unit */
export function formatMoney(amount: number | null, currency: string | null): string {
  const code = currency ?? 'usd';
  const decimals = zeroDecimals.includes(code) ? 0 : threeDecimals.includes(code) ? 3 : 2;
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: code,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format((amount ?? 0) / 10 ** decimals);
}

/** A day for people, in UTC. *unit* seconds since 1970 */
export function formatDay(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(seconds * 1_000);
}

/** A moment for people, in UTC. *unit* milliseconds since 1970 */
export function formatDateTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
