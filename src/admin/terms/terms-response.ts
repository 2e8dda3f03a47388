import {
  changeText,
  type TermsWithUsage,
  type FieldChange,
  type ActivePeriod,
  type Terms,
  type TermsDraft,
} from '../../referral/index.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { TermsPreviewDto } from './terms-preview.dto.js';
import type { TermsPreview } from './terms-preview.service.js';
import type { TermsChangeDto, TermsDraftDto, TermsStatus, TermsVersionDto } from './terms-response.dto.js';

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
    inForce: own.map(({ from, until }) => ({ from, until })),
    publishedAt,
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
    minimumAmounts: { ...terms.minimumAmounts },
    qualifyingPrices: [...terms.qualifyingPrices],
    attribution: terms.attribution,
    attributionDays: terms.attributionDays,
    lateClaimDays: terms.lateClaimDays,
    cap: terms.cap,
    budgetDays: terms.budgetDays,
    milestone: terms.milestone,
    refundPercent: terms.refundPercent,
    validFrom: terms.validFrom,
    validUntil: terms.validUntil,
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
}: TermsPreview): TermsPreviewDto {
  return {
    basedOn: newest,
    inForce: inForce.version,
    draft: toTermsDraftDto(draft),
    changes: changes.map((own) => toTermsChangeDto(own)),
    superseded,
    replay: { from: paymentWindow.from, to: paymentWindow.to, ...simulation },
  };
}
