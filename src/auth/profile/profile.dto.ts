import { Transform } from 'class-transformer';
import { IsOptional, IsString, IsUUID, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { SubmittedCodeDto, stripSpaces } from '../sign-in/sign-in.dto.js';
import { sayText } from '../../platform/errors.js';
import { fallbackLocale, getTranslator } from '../../platform/i18n/translations.js';
import { displayNameProblem, parseLocale, parseTimeZone } from './profile-validation.js';

/** What to change of a profile; a field left out stays. */
export class UpdateProfileDto {
  /**
   * How invitations name me; null or empty: without a name.
   * @example Anna
   */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() || null : value))
  @ValidateBy({
    name: 'displayName',
    validator: {
      validate: (value) => typeof value === 'string' && displayNameProblem(value) === null,
      defaultMessage: (context) =>
        (typeof context?.value === 'string' ? englishProblem(context.value) : null) ??
        'displayName must be a string or null',
    },
  })
  displayName?: string | null;

  /**
   * A BCP 47 language tag.
   * @example de-AT
   */
  @ValidateIf((body: UpdateProfileDto) => body.locale !== undefined)
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? parseLocale(value) : null))
  @IsString({ message: 'locale is a language tag such as en or de-AT' })
  locale?: string;

  /**
   * A time zone of the IANA database.
   * @example Europe/Vienna
   */
  @ValidateIf((body: UpdateProfileDto) => body.timeZone !== undefined)
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? parseTimeZone(value) : null))
  @IsString({ message: 'timeZone is a name such as Europe/Vienna' })
  timeZone?: string;
}

function englishProblem(name: string): string | null {
  const problem = displayNameProblem(name);
  return problem === null ? null : sayText(getTranslator(fallbackLocale), problem);
}

/** Proof of a new address, and of the present one where the session is older than 15 minutes. */
export class ChangeEmailDto extends SubmittedCodeDto {
  /** A challenge that was sent to the present address. */
  @ValidateIf(
    (body: ChangeEmailDto) => body.currentCode !== undefined || body.currentChallengeId !== undefined,
  )
  @IsUUID()
  currentChallengeId?: string;

  /**
   * Its code.
   * @example 123456
   */
  @ValidateIf(
    (body: ChangeEmailDto) => body.currentCode !== undefined || body.currentChallengeId !== undefined,
  )
  @Transform(stripSpaces)
  @Matches(/^\d{6}$/, { message: 'currentCode has six digits' })
  currentCode?: string;
}
