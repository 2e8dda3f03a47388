import { Injectable, type PipeTransform } from '@nestjs/common';
import { invalid } from '../platform/http/validation.js';
import type { BackupBody } from './backup.dto.js';

const deepest = 200;

/**
 * Reads a {@link BackupBody} without touching what is inside: the validation of other bodies makes instances of
 * all it finds, and so drops keys such as `constructor`, which are a client's own business here.
 * Errors: `request.invalid`.
 */
@Injectable()
export class BackupBodyPipe implements PipeTransform<unknown, BackupBody> {
  transform(body: unknown): BackupBody {
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw invalid([{ path: '', message: 'the body must be an object' }]);
    const unknown = Object.keys(body).filter((key) => key !== 'data');
    if (unknown.length > 0)
      throw invalid(unknown.map((path) => ({ path, message: `property ${path} should not exist` })));
    const { data } = body as Partial<BackupBody>;
    if (data === undefined || data === null) throw invalid([{ path: 'data', message: 'data must be given' }]);
    if (nestsDeeper(data, deepest))
      throw invalid([{ path: 'data', message: `data nests at most ${deepest} levels deep` }]);
    return { data };
  }
}

/** Asks only as deep as it needs to, so a hostile depth cannot exhaust the stack here, nor later in the database. */
function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1));
}
