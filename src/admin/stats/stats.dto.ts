import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { bucketSizes, type BucketSize } from './period.js';

/** Which period, and in which steps. */
export class StatsQuery {
  /** From when: a date (midnight in UTC) or a moment, ISO 8601. Missing: 30 days before `to`. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  from?: string;

  /** Until before when, in the same form. Missing: the end of today in UTC. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  to?: string;

  /** How wide the steps of the series are. Missing: a day. */
  @IsOptional()
  @IsIn(bucketSizes)
  bucket?: BucketSize;
}
