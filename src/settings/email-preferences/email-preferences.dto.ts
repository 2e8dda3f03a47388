import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsIn } from 'class-validator';
import { optionalEmails, type OptionalEmail } from '../../notifications/index.js';

/** The optional emails that a person wants. */
export class EmailPreferencesDto {
  @ApiProperty({ enum: optionalEmails, isArray: true })
  @IsArray()
  @IsIn(optionalEmails, { each: true })
  wanted: OptionalEmail[];
}
