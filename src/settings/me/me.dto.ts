import { Transform } from 'class-transformer';
import { IsUUID, Matches } from 'class-validator';

/** The proof that it is really me: a fresh code of my address. */
export class EraseAccountDto {
  /** What POST /auth/challenges answered. */
  @IsUUID()
  challengeId: string;

  /** The six digits of the mail. */
  @Transform(({ value }) => (typeof value === 'string' ? value.replaceAll(/\s/g, '') : value))
  @Matches(/^\d{6}$/, { message: 'code has six digits' })
  code: string;
}
