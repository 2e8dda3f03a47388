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

/** A signed number of days with at most two decimals: "+45 days", "−12.5 days". */
export function formatSignedDays(t: Translate, days: number): string {
  const rounded = Math.round(Math.abs(days) * 100) / 100;
  return `${days < 0 ? '−' : '+'}${t('duration.days', { days: rounded })}`;
}
