import { readFileSync } from 'node:fs';
import {
  toTermsChangeDto,
  toTermsDraftDto,
  toTermsPreviewDto,
  TermsQueries,
  TermsPreviewService,
  type TermsVersionDto,
  type TermsPreview,
} from '../admin/index.js';
import { Database } from '../platform/database/database.js';
import { getTranslator } from '../platform/i18n/translations.js';
import { formatMoney, parseMoney } from '../platform/money.js';
import {
  changeText,
  diffTerms,
  fieldLabel,
  fieldText,
  termsFields,
  TermsPublisher,
  type Terms,
} from '../referral/index.js';
import { operator } from './application.js';
import { UsageError, type CommandReport, type GetService } from './command-context.js';

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
  const words = [
    `Version ${version}`,
    status.replace('_', ' '),
    `${referrerDays} + ${referredDays} days`,
    usageText(usage),
  ];
  return words.join(' · ') + (reason === null ? '' : ` · ${reason}`);
}

function usageText(usage: TermsVersionDto['usage']): string {
  if (usage === null) return 'referrals not counted yet';
  const conversions = Object.values(usage.conversions).reduce((sum, count) => sum + count, 0);
  return `${usage.referrals} referrals, ${conversions} conversions`;
}

function termsFieldLines(terms: Terms): string[] {
  return termsFields.map(
    (field) => `  ${fieldLabel(translate, field)}: ${fieldText(translate, field, terms[field])}`,
  );
}

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
    ...changes.map((change) => `  ${changeText(translate, change)}`),
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
    translate(`terms.cost.${name}`),
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

/**
 * What `terms preview` and `terms publish` take: a file, and options that go before what it says.
 */
export interface TermsOptions {
  file?: string;
  referrerDays?: number;
  referredDays?: number;
  holdDays?: number;
  minimum?: string[];
  price?: string[];
  attribution?: string;
  attributionDays?: number;
  lateClaimDays?: number;
  cap?: string;
  budgetDays?: string;
  milestone?: string;
  refundPercent?: number;
  validFrom?: string;
  validUntil?: string;
}

/**
 * The fields of terms that were given, by the names of the API. Errors: {@link UsageError} for a
 * file that is none.
 */
export function termsFromOptions(options: TermsOptions): Record<string, unknown> {
  const given: Record<string, unknown> = options.file === undefined ? {} : readTermsFile(options.file);
  const { minimum, price, cap, budgetDays, milestone } = options;
  for (const name of termsFields) {
    const value = options[name as keyof TermsOptions];
    if (value !== undefined) given[name] = value;
  }
  if (minimum !== undefined)
    given.minimumAmounts = isNone(minimum) ? {} : Object.fromEntries(minimum.map(parseAmount));
  if (price !== undefined) given.qualifyingPrices = isNone(price) ? [] : price;
  if (cap !== undefined) given.cap = parsePair(cap, 'conversions', 'windowDays');
  if (budgetDays !== undefined) given.budgetDays = budgetDays === 'none' ? null : Number(budgetDays);
  if (milestone !== undefined) given.milestone = parsePair(milestone, 'every', 'days');
  return given;
}

function readTermsFile(path: string): Record<string, unknown> {
  const terms = parseJsonFile(path);
  if (typeof terms !== 'object' || terms === null || Array.isArray(terms))
    throw new UsageError(`${path} must contain a JSON object with fields of terms.`);
  const unknown = Object.keys(terms).filter((name) => !termsFields.some((field) => field === name));
  if (unknown.length === 0) return { ...terms };
  throw new UsageError(
    `${path} has unknown fields: ${unknown.join(', ')}. Known fields are ${termsFields.join(', ')}.`,
  );
}

function parseJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

function isNone(values: string[]): boolean {
  return values.length === 1 && values[0] === 'none';
}

/**
 * `EUR=5.00` as an entry in the minor unit; what is no amount stays text, which the rules of terms
 * refuse.
 */
function parseAmount(text: string): [string, number | string] {
  const [currency = '', value = ''] = text.split('=');
  return [currency, parseMoney(value, currency).amount ?? value];
}

/** `5/30` as two named numbers, `5` as the first and null, `none` as null. */
function parsePair(text: string, one: string, other: string): Record<string, number | null> | null {
  if (text === 'none') return null;
  const [first, second] = text.split('/');
  return { [one]: Number(first), [other]: second === undefined ? null : Number(second) };
}
