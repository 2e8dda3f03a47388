import type { Terms } from './terms.js';

/** When a version is in force: `from` null, without a beginning; `until` null, without an end. */
export interface ActivePeriod {
  version: number;
  from: Date | null;
  until: Date | null;
}

type ValidityPeriod = Pick<Terms, 'version' | 'validFrom' | 'validUntil'>;

/**
 * Which version is in force when, the oldest span first: at every moment the newest whose time it
 * is, as {@link ProgrammeTerms.current} finds it. A version may have no span (a newer one took all
 * of its time), or several.
 */
export function activePeriods(versions: readonly ValidityPeriod[]): ActivePeriod[] {
  const boundaries = versions.flatMap(({ validFrom, validUntil }) => [validFrom, validUntil]);
  const times = [
    ...new Set(boundaries.filter((boundary) => boundary !== null).map((boundary) => boundary.getTime())),
  ];
  times.sort((one, other) => one - other);
  const periods: ActivePeriod[] = [];
  for (const at of [-Infinity, ...times]) {
    const time = at === -Infinity ? null : new Date(at);
    const version = activeVersionAt(versions, at);
    const last = periods.at(-1);
    if (version === null || version === last?.version) continue;
    if (last !== undefined) last.until = time;
    periods.push({ version, from: time, until: null });
  }
  return periods;
}

/** The first version is in force before its time as well, so that there always is one. */
function activeVersionAt(versions: readonly ValidityPeriod[], at: number): number | null {
  const active = versions.filter(({ version, validFrom, validUntil }) => {
    const hasBegun = version === 1 || validFrom.getTime() <= at;
    return hasBegun && (validUntil === null || validUntil.getTime() > at);
  });
  return active.length === 0 ? null : Math.max(...active.map(({ version }) => version));
}
