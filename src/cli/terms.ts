import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  bucketSizes,
  toTermsChangeDto,
  toTermsDraftDto,
  toTermsPreviewDto,
  TermsQueries,
  TermsPreviewService,
  type TermsVersionDto,
  type TermsPreview,
} from '../admin/index.js';
import * as argument from './arguments.js';
import type { CommandContext, CommandReport } from './command-context.js';
import { showStats } from './stats.js';
import { Database } from '../platform/database/database.js';
import { getTranslator } from '../platform/i18n/translations.js';
import {
  diffTerms,
  fieldLabel,
  fieldText,
  termsFields,
  TermsPublisher,
  type Terms,
  changeText,
} from '../referral/index.js';
import type { GetService } from './application.js';
import { operator } from './find-user.js';
import { termsFromOptions, type TermsOptions } from './terms-options.js';
import { formatMoney } from '../platform/money.js';

/** Adds `terms …` and `stats`. */
export function addTermsCommands(program: Command, context: CommandContext): void {
  const terms = program.command('terms').description('the rules of the programme, version by version');
  terms
    .command('list')
    .description('list all versions, newest first')
    .action((options) => context.runInApplication(options, listTerms));
  terms
    .command('show')
    .description('show one version and its results')
    .argument('<version>', 'its number', parseVersion)
    .action((of: number, options) => context.runInApplication(options, (get) => showTerms(get, of)));
  terms
    .command('diff')
    .description('show the differences between two versions')
    .argument('<from>', 'a version', parseVersion)
    .argument('<to>', 'another', parseVersion)
    .action((from: number, to: number, options) =>
      context.runInApplication(options, (get) => compareTerms(get, from, to)),
    );
  withTermsOptions(
    terms.command('preview').description('show what new terms would change and cost; writes nothing'),
  )
    .option('--days <count>', 'include the payments of this many days', argument.days, 90)
    .action((options) => context.runInApplication(options, (get) => previewTerms(get, options)));
  withTermsOptions(
    terms
      .command('publish')
      .description('publish the next version; fields that you leave out stay unchanged'),
  )
    .requiredOption('--reason <text>', 'the reason, for the audit log', argument.reason)
    .option('--based-on <version>', 'fail if there is a newer version than this', parseVersion)
    .option('--dry-run', 'show what it would change and cost, write nothing')
    .action((options) => context.runInApplication(options, (get) => publishTerms(get, options)));
  program
    .command('stats')
    .description('results and cost of the programme')
    .option('--from <date>', 'start, in UTC (default: 30 days before the end)')
    .option('--to <date>', 'end, not included, in UTC (default: the end of today)')
    .addOption(new Option('--bucket <size>', 'size of the steps').choices(bucketSizes).default('day'))
    .action((options) => context.runInApplication(options, (get) => showStats(get, options)));
}

function withTermsOptions(command: Command): Command {
  return command
    .option('--file <draft.json>', 'fields of terms as JSON, named as in the API; options go before it')
    .option('--referrer-days <days>', 'for the inviter, 0 to 3650', parseWholeNumber)
    .option('--referred-days <days>', 'for the friend, 0 to 3650', parseWholeNumber)
    .option('--hold-days <days>', 'until the reward arrives, 0 to 90', parseWholeNumber)
    .option('--minimum <currency=amount...>', 'minimum payment, EUR=5.00; none: any amount')
    .option('--price <id...>', 'prices that count; none: every price of a paid plan')
    .addOption(
      new Option('--attribution <which>', 'which link counts').choices(['first_touch', 'last_touch']),
    )
    .option('--attribution-days <days>', 'how long a link counts, 1 to 365', parseWholeNumber)
    .option('--late-claim-days <days>', 'days to add an invitation after sign-up, 0 to 365', parseWholeNumber)
    .option(
      '--cap <conversions[/days]>',
      'rewarded invitations per person, 5 in 30 days (5/30) or 5; none: no cap',
    )
    .option('--budget-days <days>', 'total days to give; none: no limit')
    .option('--milestone <every/days>', '3/30: 30 extra days for every 3 invitations; none: no milestone')
    .option(
      '--refund-percent <percent>',
      'of the payment; a refund this large takes back the reward',
      parseWholeNumber,
    )
    .option('--valid-from <moment>', 'ISO 8601, UTC without a zone; default: now')
    .option('--valid-until <moment>', 'ISO 8601; default: no end');
}

function parseWholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('That is not a whole number.');
}

function parseVersion(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A version must be a number such as 2.');
}

const translate = getTranslator('en');

/** All versions, the newest first. */
export async function listTerms(get: GetService): Promise<CommandReport> {
  const items = await get(TermsQueries).list();
  return { json: { items }, lines: items.map(termsLine) };
}

/** One version in full. Errors: `request.not_found`. */
export async function showTerms(get: GetService, version: number): Promise<CommandReport> {
  const files = get(TermsQueries);
  const view = await files.get(version);
  const [terms] = await files.getPair(version, version);
  return { json: view, lines: [termsLine(view), ...termsFieldLines(terms)] };
}

/** What `to` says otherwise than `from`. Errors: `request.not_found`. */
export async function compareTerms(get: GetService, from: number, to: number): Promise<CommandReport> {
  const [before, after] = await get(TermsQueries).getPair(from, to);
  const changes = diffTerms(before, after).map((own) => toTermsChangeDto(own));
  const lines = changes.map(({ text }) => text);
  return { json: { from, to, changes }, lines: lines.length === 0 ? ['Nothing differs.'] : lines };
}

/** What terms would change and would have cost. Errors: `request.invalid`. */
export async function previewTerms(
  get: GetService,
  options: TermsOptions & { days: number },
): Promise<CommandReport> {
  const preview = await get(TermsPreviewService).preview(termsFromOptions(options), options.days);
  return { json: toTermsPreviewDto(preview), lines: previewLines(preview) };
}

/** Publishes the next version. Errors: `request.invalid`, `terms.published_meanwhile`. */
export async function publishTerms(
  get: GetService,
  options: TermsOptions & { reason: string; basedOn?: number; dryRun?: boolean },
): Promise<CommandReport> {
  if (options.dryRun === true) return previewTerms(get, { ...options, days: 90 });
  const { reason, basedOn = null } = options;
  const terms = await get(Database).transaction((tx) =>
    get(TermsPublisher).publish(tx, { input: termsFromOptions(options), reason, basedOn, actor: operator }),
  );
  return {
    json: { version: terms.version, ...toTermsDraftDto(terms) },
    lines: [`Published version ${terms.version}.`, ...termsFieldLines(terms)],
  };
}

function termsLine({ version, status, referrerDays, referredDays, usage, reason }: TermsVersionDto): string {
  const conversions = Object.values(usage.conversions).reduce((sum, count) => sum + count, 0);
  const words = [
    `Version ${version}`,
    status.replace('_', ' '),
    `${referrerDays} + ${referredDays} days`,
    `${usage.referrals} referrals, ${conversions} conversions`,
  ];
  return words.join(' · ') + (reason === null ? '' : ` · ${reason}`);
}

function termsFieldLines(terms: Terms): string[] {
  return termsFields.map(
    (field) => `  ${fieldLabel(translate, field)}: ${fieldText(translate, field, terms[field])}`,
  );
}

const english = getTranslator('en');
type PreviewTotals = TermsPreview['simulation']['actual'];

/** A preview for a person: what changes, and what it would have cost beside what it did. */
export function previewLines({
  inForce,
  changes,
  superseded,
  simulation,
  paymentWindow,
}: TermsPreview): string[] {
  const days = Math.round((paymentWindow.to.getTime() - paymentWindow.from.getTime()) / 86_400_000);
  const { payments, actual, draft } = simulation;
  return [
    `Compared with version ${inForce.version}, which is in force:`,
    ...changes.map((change) => `  ${changeText(english, change)}`),
    ...superseded.map((version) => `Version ${version}, which is planned, would never be in force.`),
    `The ${payments} first payments of the last ${days} days:`,
    ...comparison(actual, draft).map(([name, before, after]) => `  ${name}: ${before} → ${after}`),
    ...(draft.usedUpAt === null
      ? []
      : [`The budget would have been used up at ${draft.usedUpAt.toISOString()}.`]),
  ];
}

function comparison(really: PreviewTotals, draft: PreviewTotals): [string, string, string][] {
  const both = (name: string, of: (outcome: PreviewTotals) => string | number): [string, string, string] => [
    english(`terms.cost.${name}`),
    String(of(really)),
    String(of(draft)),
  ];
  return [
    both('rewarded', ({ rewarded }) => rewarded),
    both('held', ({ held }) => held),
    both('capped', ({ capped }) => capped),
    both('notEligible', ({ unmet }) => unmet.amount + unmet.currency + unmet.price + unmet.other),
    both('budgetExhausted', ({ budgetExhausted }) => budgetExhausted),
    both('notGranted', ({ notGranted }) => notGranted),
    both('totalDays', (outcome) => outcome.days.total),
    both('money', ({ money }) =>
      money.length === 0 ? '—' : money.map((own) => formatMoney(own)).join(' · '),
    ),
  ];
}
