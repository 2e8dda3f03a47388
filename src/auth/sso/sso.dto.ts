import { IsOptional, IsString, MaxLength } from 'class-validator';

/** The form that continues as the person of an SSO link. */
export class SsoFormDto {
  @IsString()
  @MaxLength(4_096)
  token: string;

  /** Where to go afterwards. */
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  next?: string;

  /** What the browser says its time zone is; empty without scripts. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  timeZone?: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  _csrf?: string;
}
