import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../../platform/http/page.dto.js';

/** Which page of the sessions of the staff; `done` is what a form just did. */
export class StaffPageQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(40)
  done?: string;
}
