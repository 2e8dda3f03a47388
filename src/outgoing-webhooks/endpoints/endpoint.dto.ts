import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Length,
  ValidateIf,
} from 'class-validator';
import { ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';
import { PlainText } from '../../platform/http/validation.js';
import { eventTypes, type EventType } from '../events/event-types.js';
import type { SendResult } from '../deliveries/webhook-sender.js';
import type { DisabledReason } from './endpoint.entity.js';
import type { Endpoint } from './endpoints.repository.js';

/** Where events are to be sent. */
export class CreateEndpointDto {
  /**
   * An https URL without a user name or password. Its host needs a public address.
   * @example https://app.example/twofold/events
   */
  @IsString()
  @PlainText()
  @Length(1, 2000)
  url: string;

  /** Which types of event to send; all where it is null or absent. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(eventTypes, { each: true })
  @ApiPropertyOptional({ enum: eventTypes, isArray: true, nullable: true })
  events?: EventType[] | null;

  /** What it is for. */
  @IsOptional()
  @IsString()
  @PlainText()
  @Length(1, 500)
  @ApiPropertyOptional({ type: String, nullable: true })
  description?: string | null;
}

/** What to change of an endpoint; what is absent stays. */
export class ChangeEndpointDto extends PartialType(CreateEndpointDto) {
  /** False stops all deliveries. True sends again, also what has waited meanwhile. */
  @ValidateIf((_, value) => value !== undefined) // null says neither
  @IsBoolean()
  enabled?: boolean;
}

/** Where events are sent. */
export class EndpointDto {
  id: string;

  /** @example https://app.example/twofold/events */
  url: string;

  /** Null: all. */
  @ApiProperty({ enum: eventTypes, isArray: true, nullable: true })
  events: EventType[] | null;

  description: string | null;
  enabled: boolean;

  /** `gone`: it answered 410. `failing`: it failed for three days. Null while it is enabled. */
  disabledReason: DisabledReason | null;

  disabledAt: Date | null;

  /** The first failure after the last success. */
  failingSince: Date | null;

  /** Until when webhooks are signed with the secret before, too. */
  previousSecretUntil: Date | null;

  createdAt: Date;
}

/** An endpoint with its secret, which is shown this once. */
export class EndpointWithSecretDto extends EndpointDto {
  /** @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD */
  secret: string;
}

/** All endpoints. */
export class EndpointPageDto extends PageDto {
  items: EndpointDto[];
}

/** What a receiver answered to `webhook.test`. */
export class TestResultDto implements Omit<SendResult, 'retryAfterMs'> {
  /** Whether the status was 2xx. */
  accepted: boolean;

  /** Null where there was no answer. */
  status: number | null;

  /**
   * Why there was no answer, such as `TIMEOUT`, `ADDRESS_REFUSED` or `ECONNREFUSED`;
   * `SECRET_UNREADABLE`: nothing was sent, since no SECRET_KEY opens the secret.
   */
  error: string | null;

  /** The first 1,024 bytes of the answer. */
  body: string;

  @ApiInteger()
  durationMs: number;
}

/** An endpoint as clients see it: no secret. */
export function toEndpointDto(endpoint: Endpoint): EndpointDto {
  const { id, url, description, disabledReason, disabledAt, failingSince, createdAt } = endpoint;
  return {
    ...{ id, url, events: endpoint.eventTypes, description, enabled: disabledAt === null },
    ...{ disabledReason, disabledAt, failingSince, createdAt },
    previousSecretUntil: endpoint.previousSecretUntil,
  };
}
