import { Injectable, type PipeTransform } from '@nestjs/common';
import { externalIdMessage, externalIdPattern } from '../platform/external-id.js';
import { invalidRequest } from '../platform/http/validation.js';

/** The id of a person in another product, from a path. Errors: `request.invalid`. */
@Injectable()
export class ExternalIdPipe implements PipeTransform<string, string> {
  /** As the description of the API shows it. */
  static readonly openApi = {
    type: 'string',
    minLength: 1,
    maxLength: 200,
    pattern: externalIdPattern.source,
    description: 'The id of the person in your product: 1 to 200 visible ASCII characters.',
  };

  transform(value: string): string {
    if (!externalIdPattern.test(value))
      throw invalidRequest([{ path: 'externalId', message: externalIdMessage }]);
    return value;
  }
}
