import { ProgrammeStats, type BucketSize, type Stats, type Worth } from '../../admin/index.js';
import { formatMoney } from '../../platform/money.js';
import type { Get } from '../application.js';
import type { Report } from '../report.js';

/** The figures of the programme. Errors: `request.invalid` for what is no period. */
export async function showStats(
  get: Get,
  asked: { from?: string; to?: string; bucket?: BucketSize },
): Promise<Report> {
  const stats = await get(ProgrammeStats).of(asked);
  return { json: stats, lines: linesOf(stats) };
}

function linesOf({ from, to, funnel, timeToConvert, kFactor, cost, liability }: Stats): string[] {
  return [
    `${from} to ${to}`,
    `Signed up ${funnel.signedUp}, by an invitation ${funnel.invited}, of whom paid ${funnel.paid}, credited ${funnel.credited}, standing ${funnel.standing}`,
    `First payments: ${timeToConvert.conversions}, half of them within ${figure(timeToConvert.medianDays)} days, nine of ten within ${figure(timeToConvert.p90Days)}`,
    `K factor ${figure(kFactor.value)}, of those who paid ${figure(kFactor.paying)}`,
    `Cost: ${worth(cost.programme)} (${figure(cost.referrer)} for those who invite, ${figure(cost.referred)} for friends, ${figure(cost.milestones)} for milestones)`,
    `By hand ${figure(cost.byHand)} days, instead of refunds ${figure(cost.refundsAsCredit)} days`,
    `Owed: ${worth(liability.ahead)} on ${liability.ahead.people} accounts, ${worth(liability.held)} on hold, at most ${figure(liability.pending.days)} days if ${liability.pending.referrals} more paid`,
  ];
}

function worth({ days, money }: Worth): string {
  const amounts = money.map((own) => formatMoney(own)).join(' + ');
  return `${figure(days)} days${amounts === '' ? '' : `, worth ${amounts}`}`;
}

function figure(value: number | null): string {
  return value === null ? '—' : String(Math.round(value * 100) / 100);
}
