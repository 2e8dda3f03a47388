import { IsOptional, IsString, MaxLength } from 'class-validator';

/** The code of a person who invited me. */
export class ClaimReferralDto {
  @IsString()
  @MaxLength(100)
  code: string;
}

/** The code I choose; without one, a fresh one of eight characters is made. */
export class ChangeCodeDto {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  code?: string;
}
