import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';
import type { RuleSetting } from './rule-evaluation.js';

/** A fraud rule with how it does. */
export class FraudRuleDto implements RuleSetting {
  /** @example shared_device */
  name: string;

  /** `shadow` records what it finds, and changes nothing. */
  mode: 'live' | 'shadow' | 'off';

  @ApiInteger()
  weight: number;

  /** How many referrals it hit. */
  @ApiInteger()
  hits: number;

  /** Of them, how many a person decided about. */
  @ApiInteger()
  decided: number;

  /** Of those, how many were rejected. */
  @ApiInteger()
  rejected: number;

  /** The share of those; null before the first decision. */
  precision: number | null;

  changedAt: Date | null;
}

/** One page of fraud rules. */
export class FraudRulePageDto extends PageDto {
  items: FraudRuleDto[];
}
