import { PageDto } from '../../platform/http/page.dto.js';

/** A code that a person has or had. */
export class ReferralCodeDto {
  /** @example ANNA2345 */
  code: string;

  kind: 'random' | 'vanity';
  current: boolean;
  createdAt: Date;

  /** Until when a code that was given up works. */
  worksUntil: Date | null;

  /** Stopped by staff. */
  blocked: boolean;
}

/** One page of codes. */
export class ReferralCodePageDto extends PageDto {
  items: ReferralCodeDto[];
}
