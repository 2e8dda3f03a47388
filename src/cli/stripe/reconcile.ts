import { Reconcile, type Finding, type Reconciled, type ReconcileOptions } from '../../billing/index.js';
import type { Get } from '../application.js';
import { count, progress } from '../progress.js';
import type { Report } from '../report.js';

/** More are counted, but not told one by one. */
const findingsTold = 1_000;

/**
 * Compares Stripe's events, then its objects, with what we know, and brings what is missing. Safe at any time, beside the
 * running application too. Errors: `billing.stripe_unreachable`. Shape: a problem when something could not be applied.
 */
export async function reconcile(get: Get, asked: { since?: Date; dryRun: boolean }): Promise<Report> {
  const findings: Finding[] = [];
  const tell = progress();
  const compare = (what: 'events' | 'objects') => {
    process.stderr.write(`Comparing ${what} …\n`);
    const options: ReconcileOptions = {
      ...asked,
      onFinding: (finding) => {
        if (findings.length < findingsTold) findings.push(finding);
      },
      onProgress: (looked) => tell(() => `${what}: ${count(looked)} compared`),
    };
    return get(Reconcile)[what](options);
  };
  const events = await compare('events');
  const objects = await compare('objects');
  const untold = events.missed + objects.missed - findings.length;
  return {
    json: { dryRun: asked.dryRun, events, objects, findings, untold },
    problem: events.failed + objects.failed > 0,
    lines: [
      ...findings.map(({ what, id, says, outcome }) => `${what} ${id} (${says}): ${outcome}`),
      ...(untold > 0 ? [`… and ${count(untold)} more`] : []),
      conclusion('Events', events, asked.dryRun),
      conclusion('Objects', objects, asked.dryRun),
    ],
  };
}

function conclusion(what: string, { since, looked, missed, failed }: Reconciled, dryRun: boolean): string {
  const compared = `${what} since ${since.toISOString()}: ${count(looked)} compared`;
  if (missed === 0) return `${compared}, none missing.`;
  const became = dryRun ? 'none of them taken, since this is a dry run' : `${count(failed)} of them failed`;
  return `${compared}, ${count(missed)} missing, ${became}.`;
}
