import {
  changeView,
  draftView,
  previewView,
  TermsFiles,
  TermsPreviews,
  type TermsView,
} from '../../admin/index.js';
import { Database } from '../../platform/database/database.js';
import { wordsIn } from '../../platform/locale/words.js';
import {
  changesBetween,
  fieldName,
  fieldWords,
  termsFields,
  TermsPublishing,
  type Terms,
} from '../../referral/index.js';
import type { Get } from '../application.js';
import { operator } from '../people.js';
import type { Report } from '../report.js';
import { givenTerms, type TermsOptions } from './given-terms.js';
import { previewLines } from './preview-lines.js';

const t = wordsIn('en');

/** All versions, the newest first. */
export async function listTerms(get: Get): Promise<Report> {
  const items = await get(TermsFiles).all();
  return { json: { items }, lines: items.map(lineOf) };
}

/** One version in full. Errors: `request.not_found`. */
export async function showTerms(get: Get, version: number): Promise<Report> {
  const files = get(TermsFiles);
  const view = await files.one(version);
  const [terms] = await files.pair(version, version);
  return { json: view, lines: [lineOf(view), ...ruleLines(terms)] };
}

/** What `to` says otherwise than `from`. Errors: `request.not_found`. */
export async function compareTerms(get: Get, from: number, to: number): Promise<Report> {
  const [before, after] = await get(TermsFiles).pair(from, to);
  const changes = changesBetween(before, after).map((own) => changeView(own));
  const lines = changes.map(({ words }) => words);
  return { json: { from, to, changes }, lines: lines.length === 0 ? ['Nothing differs.'] : lines };
}

/** What terms would change and would have cost. Errors: `request.invalid`. */
export async function previewTerms(get: Get, options: TermsOptions & { days: number }): Promise<Report> {
  const preview = await get(TermsPreviews).of(givenTerms(options), options.days);
  return { json: previewView(preview), lines: previewLines(preview) };
}

/** Publishes the next version. Errors: `request.invalid`, `terms.published_meanwhile`. */
export async function publishTerms(
  get: Get,
  options: TermsOptions & { reason: string; basedOn?: number; dryRun?: boolean },
): Promise<Report> {
  if (options.dryRun === true) return previewTerms(get, { ...options, days: 90 });
  const { reason, basedOn = null } = options;
  const terms = await get(Database).transaction((tx) =>
    get(TermsPublishing).publish(tx, { given: givenTerms(options), reason, basedOn, actor: operator }),
  );
  return {
    json: { version: terms.version, ...draftView(terms) },
    lines: [`Version ${terms.version} is published.`, ...ruleLines(terms)],
  };
}

function lineOf({ version, status, referrerDays, referredDays, usage, reason }: TermsView): string {
  const conversions = Object.values(usage.conversions).reduce((sum, count) => sum + count, 0);
  const words = [
    `Version ${version}`,
    status.replace('_', ' '),
    `${referrerDays} + ${referredDays} days`,
    `${usage.referrals} referrals, ${conversions} conversions`,
  ];
  return words.join(' · ') + (reason === null ? '' : ` · ${reason}`);
}

function ruleLines(terms: Terms): string[] {
  return termsFields.map((field) => `  ${fieldName(t, field)}: ${fieldWords(t, field, terms[field])}`);
}
