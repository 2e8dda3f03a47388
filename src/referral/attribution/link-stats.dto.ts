import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { ApiProperty } from '@nestjs/swagger';

/** How often links were followed on one day. */
export class LinkClicksOfDayDto {
  /** The day in UTC. */
  @ApiProperty({ format: 'date' })
  day: string;

  @ApiInteger()
  clicks: number;
}

/** How many signed up from one campaign source. */
export class CampaignSourceDto {
  /** @example newsletter */
  source: string;

  @ApiInteger()
  signUps: number;
}

/** What a person's links brought in the last thirty days (UTC). */
export class LinkStatsDto {
  days: LinkClicksOfDayDto[];

  @ApiInteger()
  clicks: number;

  @ApiInteger()
  signUps: number;

  @ApiInteger()
  conversions: number;

  /** Sign-ups by campaign source, the most first. */
  sources: CampaignSourceDto[];
}
