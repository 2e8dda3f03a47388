import { IsBoolean, IsOptional, IsUUID } from 'class-validator';
import { ReasonDto } from '../admin.dto.js';

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
