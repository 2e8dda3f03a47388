import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { ListQuery } from '../platform/http/list.dto.js';
import { PlainText } from '../platform/http/plain-text.js';

/** Which users to list. */
export class UserQuery extends ListQuery {
  /** Part of an address or a name. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @PlainText()
  query?: string;

  /** Only users of this tier. */
  @IsOptional()
  @IsIn(['free', 'paid'])
  tier?: 'free' | 'paid';
}

/** Which lines of the audit to list. */
export class AuditQuery extends ListQuery {
  /** Only about this user. */
  @IsOptional()
  @IsUUID()
  subject?: string;

  /** Only this kind of deed, such as `credit.granted`. */
  @IsOptional()
  @Matches(/^[a-z_.]{1,100}$/, { message: 'action is a name such as credit.granted' })
  action?: string;

  /** Only by this user. */
  @IsOptional()
  @IsUUID()
  actor?: string;
}

/** Why something is done; kept beside the audit line, and shown to whom it concerns. */
export class ReasonBody {
  /** At least one word, at most 500 characters. */
  @IsString()
  @Matches(/\S/, { message: 'reason must say something' })
  @MaxLength(500)
  @PlainText()
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
