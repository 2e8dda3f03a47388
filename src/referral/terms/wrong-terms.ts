import { DomainError } from '../../platform/errors.js';
import { wordsIn } from '../../platform/locale/words.js';
import type { TermsProblem } from './terms-problem.js';
import { problemWords } from './terms-words.js';

/** Terms that are not right: `request.invalid` with every field, in English; `problems` can be said in any language. */
export class WrongTerms extends DomainError {
  constructor(readonly problems: readonly TermsProblem[]) {
    const t = wordsIn('en');
    const errors = problems.map((one) => ({ path: one.path, message: problemWords(t, one) }));
    super('request.invalid', {
      detail: errors.map(({ path, message }) => `${path}: ${message}`).join(' '),
      errors,
    });
  }
}
