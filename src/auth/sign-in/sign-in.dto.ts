import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, MaxLength, IsUUID, Matches } from 'class-validator';
import { parseEmail, type EmailAddress } from '../../platform/email-address.js';
import { ApiId } from '../../platform/http/openapi/api-fields.js';
import { UserDto } from '../users/user.dto.js';

/** Who invites, as others see them. */
export class InviterDto {
  /**
   * The name they chose, else “A friend” in the language of the request.
   * @example Anna
   */
  label: string;
}

/** A code is on its way. */
export class ChallengeDto {
  @ApiId()
  challengeId: string;

  expiresAt: Date;

  /** Whose invitation was kept with it. */
  invitedBy: InviterDto | null;
}

/** A new session. */
export class SignedInDto {
  /** The bearer token; shown this once. */
  token: string;

  expiresAt: Date;
  user: UserDto;
}

/** Who wants a code. */
export class RequestCodeDto {
  /**
   * Where to send the code.
   * @example anna@example.com
   */
  @Transform(({ value }) => (typeof value === 'string' ? parseEmail(value) : null))
  @IsString({ message: 'email must be a valid email address' })
  @ApiProperty({ type: String })
  email: EmailAddress;

  /**
   * The referral code of who invites, however it was typed.
   * @example ANNA2345
   */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  ref?: string;
}

/** What people paste around digits does not matter. */
export const stripSpaces = ({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.replaceAll(/\s/g, '') : value;

/** A code from a mail, and the challenge that it answers. */
export class SubmittedCodeDto {
  /** What POST /auth/challenges answered. */
  @IsUUID()
  challengeId: string;

  /**
   * The six digits of the e-mail.
   * @example 123456
   */
  @Transform(stripSpaces)
  @Matches(/^\d{6}$/, { message: 'code has six digits' })
  code: string;
}

/** The form of /login. The address is judged by the controller, which shows the form again. */
export class LoginFormDto {
  @IsString()
  @MaxLength(1000)
  email: string;

  /** A referral code, however it was typed. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  ref?: string;

  /** Made when the form was shown: sent twice within seconds, it sends one email. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  formId?: string;

  /** Where to go afterwards. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  next?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  _csrf?: string;
}

/** The form of /verify. */
export class VerifyFormDto {
  @IsString()
  @MaxLength(100)
  code: string;

  /** That of the browser; whatever is none counts as none. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  timeZone?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  _csrf?: string;
}
