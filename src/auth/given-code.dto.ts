import { Transform } from 'class-transformer';
import { IsUUID, Matches } from 'class-validator';

/** What people paste around digits does not matter. */
export const withoutSpaces = ({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.replaceAll(/\s/g, '') : value;

/** A code from a mail, and the challenge that it answers. */
export class GivenCodeBody {
  /** What POST /auth/challenges answered. */
  @IsUUID()
  challengeId: string;

  /** The six digits of the mail. */
  @Transform(withoutSpaces)
  @Matches(/^\d{6}$/, { message: 'code has six digits' })
  code: string;
}
