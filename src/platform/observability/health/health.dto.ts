import { ApiProperty } from '@nestjs/swagger';

/** That a process runs. */
export class LivenessDto {
  status: 'ok';
}

/** One thing that has to be right before requests may come. */
export class ReadinessCheckDto {
  status: 'ok' | 'failed' | 'unknown';

  /** Why it is not right. */
  seen?: string;

  /** What to do about it. */
  advice?: string;
}

/** Everything that was checked. */
export class ReadinessDto {
  status: 'ok';

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/ReadinessCheckDto' },
  })
  checks: Record<string, ReadinessCheckDto>;
}
