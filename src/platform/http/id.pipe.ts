import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../errors.js';
import { isId } from '../ids.js';

/**
 * An id from a path. A malformed one names nothing, so it is answered like an unknown one. Errors:
 * `request.not_found`.
 */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  /** As the description of the API shows it. */
  static readonly openApi = {
    type: 'string',
    format: 'uuid',
    description: 'An id; a malformed one answers 404.',
  };

  transform(value: string): string {
    if (!isId(value)) throw new DomainError('request.not_found');
    return value;
  }
}
