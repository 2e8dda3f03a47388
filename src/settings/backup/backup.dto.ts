import { Injectable, type PipeTransform } from '@nestjs/common';
import { ApiAnyValue, ApiInteger } from '../../platform/http/openapi/api-fields.js';
import { PageDto } from '../../platform/http/page.dto.js';
import { parseJson } from '../../platform/http/safe-json.js';
import { invalidRequest } from '../../platform/http/validation.js';

/** One revision of a client's backup. */
export class BackupRevisionDto {
  @ApiInteger()
  revision: number;

  updatedAt: Date;

  /** In bytes of JSON. */
  @ApiInteger()
  size: number;
}

/** A revision with what was backed up. */
export class BackupDto extends BackupRevisionDto {
  /** What the client sent. */
  @ApiAnyValue()
  data: unknown;
}

/** One page of revisions. */
export class BackupRevisionPageDto extends PageDto {
  items: BackupRevisionDto[];
}

/** What to back up. */
export class SaveBackupDto {
  /** Any JSON value but null, at most 1 MiB as text and 200 levels deep. */
  @ApiAnyValue()
  data: unknown;
}

/** `data` and what is around it. */
const jsonLimits = { values: Infinity, depth: 201 };

/**
 * Reads a {@link SaveBackupDto} without touching what is inside: the validation of other bodies
 * makes instances of all it finds, and so drops keys such as `constructor`, which are a client's
 * own business here.
 * Errors: `request.invalid`, `request.unreadable`.
 */
@Injectable()
export class SaveBackupPipe implements PipeTransform<unknown, SaveBackupDto> {
  transform(raw: unknown): SaveBackupDto {
    const body = Buffer.isBuffer(raw) && raw.length > 0 ? parseJson(raw, jsonLimits) : null;
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw invalidRequest([{ path: 'body', message: 'Send a JSON object with the field data' }]);
    const unknown = Object.keys(body).filter((key) => key !== 'data');
    if (unknown.length > 0)
      throw invalidRequest(unknown.map((path) => ({ path, message: `property ${path} should not exist` })));
    const { data } = body as Partial<SaveBackupDto>;
    if (data === undefined || data === null)
      throw invalidRequest([{ path: 'data', message: 'data is required' }]);
    return { data };
  }
}
