import { DomainError } from '../../platform/errors.js';
import { getTranslator } from '../../platform/i18n/translations.js';
import type { TermsProblem } from './terms-validation.js';
import { problemText } from './terms-texts.js';

/** Terms that are not right: `request.invalid` with every field, in English; `problems` can be said in any language. */
export class InvalidTermsError extends DomainError {
  constructor(readonly problems: readonly TermsProblem[]) {
    const t = getTranslator('en');
    const errors = problems.map((one) => ({ path: one.path, message: problemText(t, one) }));
    super('request.invalid', {
      detail: errors.map(({ path, message }) => `${path}: ${message}`).join(' '),
      errors,
    });
  }
}
