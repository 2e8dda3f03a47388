import { Injectable, type PipeTransform } from '@nestjs/common';
import { parseJson } from '../platform/http/safe-json.js';
import { invalid } from '../platform/http/validation.js';
import type { BackupBody } from './backup.dto.js';

/** `data` and what is around it. */
const limits = { values: Infinity, depth: 201 };

/**
 * Reads a {@link BackupBody} without touching what is inside: the validation of other bodies makes instances of
 * all it finds, and so drops keys such as `constructor`, which are a client's own business here.
 * Errors: `request.invalid`, `request.unreadable`.
 */
@Injectable()
export class BackupBodyPipe implements PipeTransform<unknown, BackupBody> {
  transform(raw: unknown): BackupBody {
    const body = Buffer.isBuffer(raw) && raw.length > 0 ? parseJson(raw, limits) : null;
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw invalid([{ path: 'body', message: 'Send a JSON object with the field data' }]);
    const unknown = Object.keys(body).filter((key) => key !== 'data');
    if (unknown.length > 0)
      throw invalid(unknown.map((path) => ({ path, message: `property ${path} should not exist` })));
    const { data } = body as Partial<BackupBody>;
    if (data === undefined || data === null) throw invalid([{ path: 'data', message: 'data must be given' }]);
    return { data };
  }
}
