import { ApiProperty } from '@nestjs/swagger';
import type { Actor, StoredAuditEntry } from '../../platform/audit-log.js';
import { ApiId } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';

/** One entry of the audit log. */
export class AuditEntryDto implements StoredAuditEntry {
  @ApiId()
  id: string;

  at: Date;

  /** @example credit.granted */
  action: string;

  /** Who did it. */
  actorKind: Actor['kind'];

  /** The user who did it, for the kinds `user` and `admin`. */
  @ApiId()
  actorId: string | null;

  /** Whom it is about. */
  @ApiId()
  subjectId: string | null;

  /** Ids and numbers. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  details: Record<string, unknown>;

  /** A person's own words; null once erased. */
  note: string | null;
}

/** One page of the audit log. */
export class AuditPageDto extends PageDto {
  items: AuditEntryDto[];
}
