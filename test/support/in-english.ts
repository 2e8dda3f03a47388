import {
  wordCheckResult,
  type CheckResult,
  type WordedCheckResult,
} from '../../src/platform/check-result.js';
import { getTranslator } from '../../src/platform/i18n/translations.js';

/** What a check found, as the command line says it. */
export function inEnglish(finding: CheckResult): WordedCheckResult {
  return wordCheckResult(getTranslator('en'), finding);
}
