import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { UpdateProfileDto } from '../auth/index.js';
import { parseEmail, type EmailAddress } from '../platform/email-address.js';
import { externalIdMessage, externalIdPattern } from '../platform/external-id.js';
import { IsDateTime, MayBeMissing } from '../platform/http/dto-fields.js';
import { ApiId, ApiInteger } from '../platform/http/openapi/api-fields.js';
import { processorObjectIdPattern, providerPattern } from '../platform/processor-ids.js';
import { invitationOutcomes, type InvitationOutcome } from '../referral/index.js';
import { AccessDto } from '../settings/index.js';

const stripeCustomerPattern = /^cus_\w{1,100}$/;

/** Stripe's customers have a form of their own; at others it is any printable text. */
const IsCustomerId = () =>
  ValidateBy({
    name: 'customerId',
    validator: {
      validate: (id: unknown, context) => {
        const { provider } = context?.object as CustomerDto;
        return (
          typeof id === 'string' &&
          (provider === 'stripe' ? stripeCustomerPattern : processorObjectIdPattern).test(id)
        );
      },
      defaultMessage: (context) =>
        (context?.object as CustomerDto).provider === 'stripe'
          ? 'id is a customer of Stripe, such as cus_Qx2'
          : 'id is 1 to 255 printable characters',
    },
  });

/** A customer of a payment processor. */
export class CustomerDto {
  /** The processor: stripe, or as in the path of its payments. @example stripe */
  @Matches(providerPattern, { message: 'provider is stripe, or 2 to 32 of a-z, 0-9, - and _' })
  provider: string;

  /** @example cus_Qx2 */
  @IsCustomerId()
  id: string;
}

/** Who invited the person, and when. */
export class InvitedByDto {
  /** @example ANNA2345 */
  @IsString()
  @Length(1, 100)
  code: string;

  /** When they followed the link; without it, when they signed up. */
  @MayBeMissing()
  @IsDateTime('at', { required: false })
  at?: Date;
}

/** What your product knows of a person. A field left out stays as it is. */
export class PutPersonDto extends UpdateProfileDto {
  /** @example bert@example.com */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? parseEmail(value) : null))
  @IsString({ message: 'email must be a valid email address' })
  @ApiProperty({ type: 'string' })
  email: EmailAddress;

  /** Whether the person has proven the address to you. */
  @IsBoolean()
  emailVerified: boolean;

  /** When they signed up with you; only counts the first time. */
  @MayBeMissing()
  @IsDateTime('createdAt', { required: false })
  createdAt?: Date;

  /** When they first paid you, if that is not reported as a payment: they convert no referral. */
  @MayBeMissing()
  @IsDateTime('firstPaidAt', { required: false })
  firstPaidAt?: Date;

  /** Whose payments are theirs. */
  @MayBeMissing()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CustomerDto)
  customers?: CustomerDto[];

  @MayBeMissing()
  @IsObject()
  @ValidateNested()
  @Type(() => InvitedByDto)
  invitedBy?: InvitedByDto;
}

/** One person of a batch. */
export class BatchPersonDto extends PutPersonDto {
  /** @example user-42 */
  @Matches(externalIdPattern, { message: externalIdMessage })
  externalId: string;
}

/** People to save. */
export class PutPeopleDto {
  @ApiProperty({ type: [BatchPersonDto], maxItems: 1000 })
  items: BatchPersonDto[];
}

/** A person of your product. */
export class PersonDto {
  /** @example user-42 */
  externalId: string;

  @ApiId()
  id: string;

  /** @example bert@example.com */
  email: string;

  displayName: string | null;
  locale: string;
  timeZone: string;
  createdAt: Date;
}

/** The code that a person shares. */
export class PersonReferralDto {
  /** @example ANNA2345 */
  code: string;

  /** @example https://app.example/?ref=ANNA2345 */
  link: string;
}

/** A person as they were saved. */
export class SavedPersonDto {
  person: PersonDto;
  referral: PersonReferralDto;

  /** What became of `invitedBy`. */
  @ApiProperty({ enum: invitationOutcomes })
  invitation: InvitationOutcome;
}

/** Why one person of a batch was not saved, as in a problem document. */
export class ItemProblemDto {
  /** @example person.email_taken */
  code: string;

  title: string;
  detail: string;
}

/** What became of one person of a batch. */
export class BatchOutcomeDto {
  /** As it was sent, where it was a text. */
  externalId: string | null;

  result: 'created' | 'saved' | 'failed';

  @ApiProperty({ enum: invitationOutcomes })
  invitation: InvitationOutcome;

  /** Null unless it failed. */
  problem: ItemProblemDto | null;
}

/** What became of each person, in the order in which they were sent. */
export class BatchDto {
  items: BatchOutcomeDto[];
}

/** Whether a person may use what is paid for, and until when. */
export class PersonAccessDto extends AccessDto {
  /** @example user-42 */
  externalId: string;

  tier: 'free' | 'paid';
  creditUntil: Date | null;

  /** Rises with every change of access: drop an answer with a lower one than you have. */
  @ApiInteger()
  revision: number;
}

/** The access of several people, in the order in which they were asked for. */
export class PeopleAccessDto {
  items: PersonAccessDto[];

  /** Those whom nothing is known of. */
  unknown: string[];
}

/** A token for the page of one person. */
export class PersonTokenDto {
  /** Begins with `tfp_`. */
  token: string;

  expiresAt: Date;
}

/** Whose access to read. */
export class AccessQuery {
  /** 1 to 100 of them: repeat the parameter. */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value))
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(externalIdPattern, { each: true, message: externalIdMessage })
  @ApiProperty({ type: [String], maxItems: 100 })
  externalId: string[];
}

/** Days to give. */
export class GiveCreditDto {
  /** Whole days of access, 1 to 3,650. */
  @IsInt()
  @Min(1)
  @Max(3650)
  @ApiInteger()
  days: number;

  /** Why; the person sees it. */
  @IsString()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Length(1, 500)
  reason: string;
}
