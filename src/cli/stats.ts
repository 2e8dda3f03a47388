import { ProgrammeStats, type BucketSize, type StatsDto, type WorthDto } from '../admin/index.js';
import { formatMoney } from '../platform/money.js';
import type { CommandReport, GetService } from './command-context.js';

/** The numbers of the programme. Errors: `request.invalid` for what is no period. */
export async function showStats(
  get: GetService,
  asked: { from?: string; to?: string; bucket?: BucketSize },
): Promise<CommandReport> {
  const stats = await get(ProgrammeStats).forPeriod(asked);
  return { json: stats, lines: statsLines(stats) };
}

function statsLines({ from, to, funnel, timeToConvert, kFactor, cost, liability }: StatsDto): string[] {
  return [
    `${from.toISOString()} to ${to.toISOString()}`,
    `Signed up ${funnel.signedUp}, invited ${funnel.invited}, of these paid ${funnel.paid}, credited ${funnel.credited} (${formatWorth(funnel.worth)}), still granted ${funnel.granted}`,
    `First payments: ${timeToConvert.conversions}, median ${formatNumber(timeToConvert.medianDays)} days, 90% within ${formatNumber(timeToConvert.p90Days)}`,
    `K factor ${formatNumber(kFactor.value)}, paying people only ${formatNumber(kFactor.paying)}`,
    `Cost: ${formatWorth(cost.programme)} (${formatNumber(cost.referrer)} for referrers, ${formatNumber(cost.referred)} for referred users, ${formatNumber(cost.milestones)} for milestones)`,
    `Manual ${formatNumber(cost.manual)} days, instead of refunds ${formatNumber(cost.refundsAsCredit)} days`,
    `Outstanding: ${formatWorth(liability.ahead)} on ${liability.ahead.people} accounts, ${formatWorth(liability.held)} on hold, at most ${formatWorth(liability.pending)} if ${liability.pending.referrals} more paid`,
  ];
}

function formatWorth({ days, money }: WorthDto): string {
  const amounts = money.map((own) => formatMoney(own)).join(' + ');
  return `${formatNumber(days)} days${amounts === '' ? '' : `, worth ${amounts}`}`;
}

function formatNumber(value: number | null): string {
  return value === null ? '—' : String(Math.round(value * 100) / 100);
}
