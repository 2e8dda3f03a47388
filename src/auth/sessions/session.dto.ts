import { IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { ApiId } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';

/** A signed-in device, as its owner sees it. */
export class SessionDto {
  @ApiId()
  id: string;

  /** @example Mozilla/5.0 (X11; Linux x86_64) */
  userAgent: string;

  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;

  /** The device that asks. */
  current: boolean;
}

/** One page of signed-in devices. */
export class SessionPageDto extends PageDto {
  items: SessionDto[];
}

/** The form that signs one device out. */
export class SignOutDeviceFormDto {
  @IsUUID()
  sessionId: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  _csrf?: string;
}
