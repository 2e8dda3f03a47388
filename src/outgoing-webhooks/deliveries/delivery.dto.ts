import { IsIn, IsOptional } from 'class-validator';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { PageDto, PageQuery } from '../../platform/http/page.dto.js';
import { deliveryStatuses, type DeliveryStatus } from './delivery.entity.js';

/** Which deliveries to list. */
export class DeliveryQuery extends PageQuery {
  /** Only those with this status. */
  @IsOptional()
  @IsIn(deliveryStatuses)
  @ApiPropertyOptional({ enum: deliveryStatuses })
  status?: DeliveryStatus;
}

/** An event that is sent, or was sent, to one endpoint. */
export class DeliveryDto {
  id: string;

  /**
   * The `webhook-id`.
   * @example evt_9f86d081884c7d659a2feaa0c55ad015
   */
  eventId: string;

  /** @example referral.credited */
  type: string;

  status: DeliveryStatus;

  @ApiInteger()
  attempts: number;

  createdAt: Date;

  /** Null once it was delivered, or is not tried again. */
  nextAttemptAt: Date | null;

  lastAttemptAt: Date | null;

  /** The HTTP status of the last attempt; null where there was no answer. */
  lastStatus: number | null;

  /** Why there was no answer, such as `TIMEOUT` or `ECONNREFUSED`. */
  lastError: string | null;

  deliveredAt: Date | null;
}

/** One page of deliveries. */
export class DeliveryPageDto extends PageDto {
  items: DeliveryDto[];
}
