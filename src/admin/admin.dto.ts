import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { ListQuery } from '../platform/http/list.dto.js';

/** Which users to list. */
export class UserQuery extends ListQuery {
  /** Part of an address or a name. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  query?: string;

  /** Only users of this tier. */
  @IsOptional()
  @IsIn(['free', 'paid'])
  tier?: 'free' | 'paid';
}

/** Why something is done; kept beside the audit line, and shown to whom it concerns. */
export class ReasonBody {
  /** At least one word, at most 500 characters. */
  @IsString()
  @Matches(/\S/, { message: 'reason must say something' })
  @MaxLength(500)
  reason: string;
}

/** How much credit to give, and why. */
export class GrantBody extends ReasonBody {
  /** Whole days of access, 1 to 3,650. */
  @IsInt()
  @Min(1)
  @Max(3650)
  days: number;
}

/** Which role to give. */
export class RoleBody {
  /** What the user may do from now on. */
  @IsIn(['user', 'support', 'admin'])
  role: 'user' | 'support' | 'admin';
}
