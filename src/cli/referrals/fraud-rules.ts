import {
  evidenceText,
  RuleTrials,
  type EffectCount,
  type RuleCaseModel,
  type RuleTrial,
} from '../../admin/index.js';
import { AuditLog } from '../../platform/audit-log.js';
import { Database } from '../../platform/database/database.js';
import { FraudRules, type RuleSetting } from '../../referral/index.js';
import { operator } from '../application.js';
import { UsageError, type CommandReport, type GetService } from '../command-context.js';
import { english } from './referral-lines.js';

/**
 * Lists the fraud rules: what each may do, how often it hit, and the share of decided hits that
 * people rejected.
 */
export async function listFraudRules(get: GetService): Promise<CommandReport> {
  const rules = await get(FraudRules).listWithStats();
  return {
    json: rules,
    lines: rules.map(({ name, mode, weight, hits, decided, precision }) => {
      const precisionText =
        precision === null ? 'not decided yet' : `${Math.round(100 * precision)} % of ${decided}`;
      return `${name.padEnd(25)}  ${mode.padEnd(6)}  ${String(weight).padStart(3)}  ${hits} hits, precision ${precisionText}`;
    }),
  };
}

/** Settings that were asked for; what is missing stays as it is. */
export interface RuleOptions {
  mode?: RuleSetting['mode'];
  weight?: number;
}

/** What other settings would have done. Errors: `request.not_found`. */
export async function simulateFraudRule(
  get: GetService,
  name: string,
  { mode, weight, days, limit }: RuleOptions & { days: number; limit: number },
): Promise<CommandReport> {
  const trial = await get(RuleTrials).run(name, { mode: mode ?? null, weight: weight ?? null }, days);
  const cases = await get(RuleTrials).withReferrals(trial.changed.slice(0, limit));
  const { rule, tried, hits, isCut, effects, changed } = trial;
  return {
    json: { rule, tried, days, hits, isCut, effects, changed: changed.length, cases },
    lines: trialLines(trial, cases, days),
  };
}

function trialLines(trial: RuleTrial, cases: readonly RuleCaseModel[], days: number): string[] {
  const { rule, tried, hits, effects, changed } = trial;
  return [
    `${rule.name}: ${rule.mode}, weight ${rule.weight} → ${tried.mode}, weight ${tried.weight}`,
    english('fraud.page.hits', { hits, days }),
    ...(trial.isCut ? ['There are more hits than were looked at: the newest count.'] : []),
    ...(effects.length === 0
      ? [`${english('fraud.page.noEffect')}.`]
      : effects.map((effect) => `  ${effectText(effect)}`)),
    ...cases.map((one) => `  ${caseText(one)}`),
    ...(changed.length > cases.length ? [`  and ${changed.length - cases.length} more`] : []),
  ];
}

function effectText({ before, after, count }: EffectCount): string {
  return english('fraud.page.effectCount', { count, ...outcomes({ before, after }) });
}

function caseText({ at, before, after, decision, referral, ...found }: RuleCaseModel): string {
  const email = referral?.referred.email ?? null;
  const decided = decision === null ? '' : `, ${decision} by staff`;
  const change = english('fraud.page.change', outcomes({ before, after }));
  return `${at.toISOString()}  ${email ?? 'an erased person'}: ${evidenceText(english, found, email)}: ${change}${decided}`;
}

function outcomes({ before, after }: Pick<EffectCount, 'before' | 'after'>) {
  return { before: english(`fraud.outcome.${before}`), after: english(`fraud.outcome.${after}`) };
}

const trialDays = 30;

/**
 * Sets what a rule may do; what was not asked for stays. Errors: UsageError for nothing to set;
 * `request.not_found`; `referral.rule_changed` where another person changed it meanwhile.
 */
export async function setFraudRule(
  get: GetService,
  name: string,
  { mode, weight, reason, dryRun }: RuleOptions & { reason: string; dryRun?: true },
): Promise<CommandReport> {
  if (mode === undefined && weight === undefined) throw new UsageError('Name a --mode, a --weight, or both.');
  const rule = await get(FraudRules).get(get(Database), name);
  const change = { mode: mode ?? rule.mode, weight: weight ?? rule.weight };
  if (dryRun === true) return simulateFraudRule(get, name, { ...change, days: trialDays, limit: trialDays });
  const changed = change.mode !== rule.mode || change.weight !== rule.weight;
  if (changed)
    await get(Database).transaction(async (tx) => {
      const noteId = await get(AuditLog).addNote(tx, reason, null);
      const by = { actor: operator, noteId, basedOn: rule.changedAt };
      await get(FraudRules).updateRule(tx, { name, ...change }, by);
    });
  return {
    json: { name, ...change, changed },
    lines: [
      changed
        ? `${name} is ${change.mode} now, with weight ${change.weight}. What it found before stays.`
        : `${name} is ${change.mode} with weight ${change.weight} already.`,
    ],
  };
}
