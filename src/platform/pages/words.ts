/** "1 day", "45 days". `count` is a whole number. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How every page names the reward: "45 days of paid access". */
export function daysOfAccess(days: number): string {
  return `${plural(days, 'day')} of paid access`;
}

/** What stands on somebody's account: "+45 days on your account". */
export function daysOnAccount(days: number): string {
  return `+${plural(days, 'day')} on your account`;
}

/** A signed number of days with at most two decimals: "+45 days", "−12.5 days". */
export function signedDays(days: number): string {
  const figure = new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(Math.abs(days));
  return `${days < 0 ? '−' : '+'}${figure} ${figure === '1' ? 'day' : 'days'}`;
}

/** A size for people, in decimal units: "812 B", "1.2 MB". `bytes` is a whole number. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** An amount in the currency's smallest unit as money: "€9.00". An unknown currency keeps its code. */
export function moneyText(unitAmount: number, currency: string, locale = 'en'): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: currency.toUpperCase() });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(unitAmount / 10 ** decimals);
}

/** How long to wait, rounded up to something sayable: "40 seconds", "5 minutes", "2 hours". */
export function waitText(seconds: number): string {
  if (seconds < 60) return plural(Math.max(1, Math.ceil(seconds)), 'second');
  if (seconds < 3_600) return plural(Math.ceil(seconds / 60), 'minute');
  return plural(Math.ceil(seconds / 3_600), 'hour');
}
