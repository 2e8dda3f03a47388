import { IsIn, IsInt, Max, Min } from 'class-validator';
import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { ReasonDto } from '../admin.dto.js';

/** What a rule may do: `shadow` writes down what it finds, and changes nothing. */
export class UpdateFraudRuleDto extends ReasonDto {
  @IsIn(['live', 'shadow', 'off'])
  mode: 'live' | 'shadow' | 'off';

  /** From 50 on a referral is reviewed, from 100 on rejected; see docs/fraud.md. */
  @IsInt()
  @Min(0)
  @Max(100)
  @ApiInteger()
  weight: number;
}
