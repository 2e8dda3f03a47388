import type { Terms } from './terms.js';

/** When a version is in force: `from` null, since ever; `until` null, with no end in sight. */
export interface ForceSpan {
  version: number;
  from: Date | null;
  until: Date | null;
}

type Period = Pick<Terms, 'version' | 'validFrom' | 'validUntil'>;

/**
 * Which version is in force when, the oldest span first: at every moment the newest whose time it is, as
 * {@link ProgrammeTerms.current} finds it. A version may have no span (a newer one took all of its time), or several.
 */
export function forceSpans(versions: readonly Period[]): ForceSpan[] {
  const turns = versions.flatMap(({ validFrom, validUntil }) => [validFrom, validUntil]);
  const moments = [...new Set(turns.filter((turn) => turn !== null).map((turn) => turn.getTime()))];
  moments.sort((one, other) => one - other);
  const spans: ForceSpan[] = [];
  for (const at of [null, ...moments]) {
    const moment = at === null ? null : new Date(at);
    const version = newestAt(versions, at);
    const last = spans.at(-1);
    if (version === null || version === last?.version) continue;
    if (last !== undefined) last.until = moment;
    spans.push({ version, from: moment, until: null });
  }
  return spans;
}

/** The first version is in force before its time as well, so that there always is one. */
function newestAt(versions: readonly Period[], at: number | null): number | null {
  const due = versions.filter(({ version, validFrom, validUntil }) => {
    const begun = version === 1 || (at !== null && validFrom.getTime() <= at);
    return begun && (validUntil === null || at === null || validUntil.getTime() > at);
  });
  return due.length === 0 ? null : Math.max(...due.map(({ version }) => version));
}
