import { IsString, MaxLength } from 'class-validator';

/** A second factor of a client without a browser. */
export class SubmittedFactorDto {
  /**
   * A code of the authenticator app, or a recovery code.
   * @example 123456
   */
  @IsString()
  @MaxLength(40)
  code: string;
}

/** The session after its second factor was proven. */
export class ProvenSessionDto {
  /** Takes the place of the token that was sent, which is not valid any more. */
  token: string;

  expiresAt: Date;
}
