import { IsBoolean, IsOptional, IsUUID } from 'class-validator';
import { ReasonDto } from '../admin.dto.js';
import { MergeAccountSummaryDto, type MergePlan, type MergeNotice } from '../../accounts/index.js';
import { fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';

/** Which account lives on in which. */
export class MergeAccountsDto extends ReasonDto {
  /** The account that ends. */
  @IsUUID()
  fromUserId: string;

  /** The account that stays. */
  @IsUUID()
  intoUserId: string;

  /** Only show what would happen. */
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

/** Something that a merge would do, or that prevents it. */
export class MergeNoticeDto {
  /**
   * Stable.
   * @example credit
   */
  code: string;

  message: string;
}

/** What a merge would do. */
export class MergePreviewDto {
  dryRun: true;

  /** Whether nothing conflicts. */
  possible: boolean;

  from: MergeAccountSummaryDto;
  into: MergeAccountSummaryDto;
  effects: MergeNoticeDto[];
  conflicts: MergeNoticeDto[];
}

/** A plan in words, in `locale`. */
export function toMergePreviewDto(plan: MergePlan, locale = fallbackLocale): MergePreviewDto {
  const t = getTranslator(locale);
  const toNotice = (kind: string) => (own: MergeNotice) => ({
    code: own.code,
    message: t(`merge.${kind}.${own.code}`, own.values),
  });
  return {
    dryRun: true,
    possible: plan.conflicts.length === 0,
    from: plan.from,
    into: plan.into,
    effects: plan.effects.map(toNotice('effect')),
    conflicts: plan.conflicts.map(toNotice('conflict')),
  };
}
