import { Transform } from 'class-transformer';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { parseEmail } from './email-address.js';

/** Who wants a code. */
export class ChallengeRequest {
  /** Where to send the code. */
  @Transform(({ value }) => (typeof value === 'string' ? parseEmail(value) : null))
  @IsString({ message: 'email is not an e-mail address' })
  email: string;

  /** The referral code of who invites, however it was typed. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  ref?: string;
}
