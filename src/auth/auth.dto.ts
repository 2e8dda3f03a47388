import { Transform } from 'class-transformer';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { parseEmail, type EmailAddress } from '../platform/email-address.js';

/** Who wants a code. */
export class ChallengeRequest {
  /** Where to send the code. */
  @Transform(({ value }) => (typeof value === 'string' ? parseEmail(value) : null))
  @IsString({ message: 'email is not an e-mail address' })
  @ApiProperty({ type: String })
  email: EmailAddress;

  /** The referral code of who invites, however it was typed. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  ref?: string;
}
