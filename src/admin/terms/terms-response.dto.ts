import {
  changeText,
  type TermsWithUsage,
  type FieldChange,
  type ActivePeriod,
  type Terms,
  type TermsDraft,
} from '../../referral/index.js';
import type { TermsPreview } from './terms-preview.service.js';
import { getTranslator } from '../../platform/i18n/translations.js';

/** Terms as the API shows them; times are ISO 8601. */
export type TermsDraftDto = Omit<TermsDraft, 'validFrom' | 'validUntil'> & {
  validFrom: string;
  validUntil: string | null;
};

/**
 * Whether a version is in force `now`, has its time still to come, or has it behind it: over, or taken by a newer version
 * (`superseded`).
 */
export type TermsStatus = 'in_force' | 'scheduled' | 'ended' | 'superseded';

/** One version with what came of it. `inForce` lists its spans (null: since ever, without an end). */
export interface TermsVersionDto extends TermsDraftDto {
  version: number;
  status: TermsStatus;
  inForce: { from: string | null; until: string | null }[];
  publishedAt: string | null;
  publishedBy: { userId: string; email: string | null } | null;
  reason: string | null;
  usage: Omit<TermsWithUsage['usage'], 'budget'>;
  budget: { days: number; takenDays: number; leftDays: number } | null;
}

/** One difference: what it was, what it is, and both in a sentence. */
export interface TermsChangeDto {
  field: FieldChange['field'];
  before: unknown;
  after: unknown;
  text: string;
}

/** Who published a version and why, as the audit knows it. */
export interface TermsPublicationInfo {
  by: { userId: string; email: string | null } | null;
  reason: string | null;
}

/** A version for the API. `spans` are those of all versions. */
export function toTermsVersionDto(
  { terms, publishedAt, usage }: TermsWithUsage,
  periods: readonly ActivePeriod[],
  published: TermsPublicationInfo | undefined,
  now: Date,
): TermsVersionDto {
  const own = periods.filter(({ version }) => version === terms.version);
  const { budget, ...counts } = usage;
  return {
    version: terms.version,
    status: statusOf(terms, own, now),
    ...toTermsDraftDto(terms),
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
export function toTermsDraftDto(terms: TermsDraft): TermsDraftDto {
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
export function toTermsChangeDto(change: FieldChange, locale = 'en'): TermsChangeDto {
  const { field, before, after } = change;
  return { field, before, after, text: changeText(getTranslator(locale), change) };
}

function statusOf({ validFrom, validUntil }: Terms, own: readonly ActivePeriod[], now: Date): TermsStatus {
  const isOver = ({ until }: ActivePeriod) => until !== null && until <= now;
  if (own.some((span) => !isOver(span) && (span.from === null || span.from <= now))) return 'in_force';
  if (own.some((span) => !isOver(span))) return 'scheduled';
  return validUntil !== null && validUntil <= now && validFrom <= now ? 'ended' : 'superseded';
}

/** A preview for the API. `basedOn` is the version to publish it on. */
export function toTermsPreviewDto({
  inForce,
  newest,
  draft,
  changes,
  superseded,
  paymentWindow,
  simulation,
}: TermsPreview) {
  return {
    basedOn: newest,
    inForce: inForce.version,
    draft: toTermsDraftDto(draft),
    changes: changes.map((own) => toTermsChangeDto(own)),
    superseded,
    replay: { from: paymentWindow.from.toISOString(), to: paymentWindow.to.toISOString(), ...simulation },
  };
}
