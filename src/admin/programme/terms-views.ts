import {
  changeWords,
  type ArchivedTerms,
  type FieldChange,
  type ForceSpan,
  type Terms,
  type TermsDraft,
} from '../../referral/index.js';
import type { TermsPreview } from './terms-preview.js';
import { wordsIn } from '../../platform/locale/words.js';

/** Terms as the API shows them; times are ISO 8601. */
export type DraftView = Omit<TermsDraft, 'validFrom' | 'validUntil'> & {
  validFrom: string;
  validUntil: string | null;
};

/**
 * Whether a version is in force `now`, has its time still to come, or has it behind it: over, or taken by a newer version
 * (`superseded`).
 */
export type TermsStatus = 'in_force' | 'scheduled' | 'ended' | 'superseded';

/** One version with what came of it. `inForce` lists its spans (null: since ever, without an end). */
export interface TermsView extends DraftView {
  version: number;
  status: TermsStatus;
  inForce: { from: string | null; until: string | null }[];
  publishedAt: string | null;
  publishedBy: { userId: string; email: string | null } | null;
  reason: string | null;
  usage: Omit<ArchivedTerms['usage'], 'budget'>;
  budget: { days: number; takenDays: number; leftDays: number } | null;
}

/** One difference: what it was, what it is, and both in a sentence. */
export interface ChangeView {
  field: FieldChange['field'];
  before: unknown;
  after: unknown;
  words: string;
}

/** Who published a version and why, as the audit knows it. */
export interface Published {
  by: { userId: string; email: string | null } | null;
  reason: string | null;
}

/** A version for the API. `spans` are those of all versions. */
export function termsView(
  { terms, publishedAt, usage }: ArchivedTerms,
  spans: readonly ForceSpan[],
  published: Published | undefined,
  now: Date,
): TermsView {
  const own = spans.filter(({ version }) => version === terms.version);
  const { budget, ...counts } = usage;
  return {
    version: terms.version,
    status: statusOf(terms, own, now),
    ...draftView(terms),
    inForce: own.map(({ from, until }) => ({
      from: from?.toISOString() ?? null,
      until: until?.toISOString() ?? null,
    })),
    publishedAt: publishedAt?.toISOString() ?? null,
    publishedBy: published?.by ?? null,
    reason: published?.reason ?? null,
    usage: counts,
    budget: budget && { days: terms.budgetDays ?? 0, ...budget },
  };
}

/** The fields of terms, listed one by one so that a new one is shown on purpose. */
export function draftView(terms: TermsDraft): DraftView {
  return {
    referrerDays: terms.referrerDays,
    referredDays: terms.referredDays,
    holdDays: terms.holdDays,
    minimumAmounts: terms.minimumAmounts,
    qualifyingPrices: terms.qualifyingPrices,
    attribution: terms.attribution,
    attributionDays: terms.attributionDays,
    lateClaimDays: terms.lateClaimDays,
    cap: terms.cap,
    budgetDays: terms.budgetDays,
    milestone: terms.milestone,
    refundPercent: terms.refundPercent,
    validFrom: terms.validFrom.toISOString(),
    validUntil: terms.validUntil?.toISOString() ?? null,
  };
}

/** A difference for the API, in the words of `locale`. */
export function changeView(change: FieldChange, locale = 'en'): ChangeView {
  const { field, before, after } = change;
  return { field, before, after, words: changeWords(wordsIn(locale), change) };
}

function statusOf({ validFrom, validUntil }: Terms, own: readonly ForceSpan[], now: Date): TermsStatus {
  const isOver = ({ until }: ForceSpan) => until !== null && until <= now;
  if (own.some((span) => !isOver(span) && (span.from === null || span.from <= now))) return 'in_force';
  if (own.some((span) => !isOver(span))) return 'scheduled';
  return validUntil !== null && validUntil <= now && validFrom <= now ? 'ended' : 'superseded';
}

/** A preview for the API. `basedOn` is the version to publish it on. */
export function previewView({ inForce, newest, draft, changes, superseded, window, replayed }: TermsPreview) {
  return {
    basedOn: newest,
    inForce: inForce.version,
    draft: draftView(draft),
    changes: changes.map((own) => changeView(own)),
    superseded,
    replay: { from: window.from.toISOString(), to: window.to.toISOString(), ...replayed },
  };
}
