import type { Translate } from '../i18n/translations.js';

/** A size for people, in decimal units: "812 B", "1.2 MB". `bytes` is a whole number. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** How long to wait, rounded up to something sayable: "40 seconds", "5 minutes", "2 hours". */
export function formatWait(t: Translate, seconds: number): string {
  if (seconds < 60) return t('duration.seconds', { seconds: Math.max(1, Math.ceil(seconds)) });
  if (seconds < 3_600) return t('duration.minutes', { minutes: Math.ceil(seconds / 60) });
  return t('duration.hours', { hours: Math.ceil(seconds / 3_600) });
}

/**
 * A length in days as people count it, without its sign: whole days, whole hours below one day, and
 * 0 days below half an hour. Everything that people read about days is counted like this.
 */
export function countDays(days: number): { count: number; unit: 'days' | 'hours' } {
  const hours = Math.round(Math.abs(days) * 24);
  return hours > 0 && hours < 24
    ? { count: hours, unit: 'hours' }
    : { count: Math.round(hours / 24), unit: 'days' };
}

/** A length without its sign: "45 days", and below one day "5 hours". */
export function formatDays(t: Translate, days: number): string {
  const { count, unit } = countDays(days);
  return t(`duration.${unit}`, { [unit]: count });
}

/** A signed length: "+45 days", "−12 days", "0 days". */
export function formatSignedDays(t: Translate, days: number): string {
  const isNothing = countDays(days).count === 0;
  return `${isNothing ? '' : days < 0 ? '−' : '+'}${formatDays(t, days)}`;
}

/** A figure as the language groups it: "12,345". */
export function formatNumber({ locale }: Translate, value: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}
