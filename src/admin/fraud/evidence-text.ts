import { FormatError } from 'intl-messageformat';
import type { Translate } from '../../platform/i18n/translations.js';
import type { FraudFindingDto } from '../../referral/index.js';

/**
 * What a rule found, as a sentence. The domain of an address is not part of the evidence: it comes
 * from the account of the friend, null once erased. Evidence of an older version, or of a rule that
 * is gone, is shown as it is stored.
 */
export function evidenceText(
  t: Translate,
  { rule, evidence }: Pick<FraudFindingDto, 'rule' | 'evidence'>,
  friendEmail: string | null,
): string {
  const key = `fraud.evidenceText.${rule}`;
  const domain = friendEmail?.split('@').at(-1) ?? t('fraud.erasedDomain');
  try {
    const text = t(key, { ...(evidence as Record<string, string | number>), domain });
    return text === key ? storedText(t, evidence) : text;
  } catch (error) {
    // a field that the sentence needs is missing, or is something else
    if (!(error instanceof FormatError)) throw error;
    return storedText(t, evidence);
  }
}

function storedText(t: Translate, evidence: unknown): string {
  const fields =
    typeof evidence === 'object' && evidence !== null
      ? (Object.entries(evidence) as [string, unknown][])
      : [];
  if (fields.length === 0) return t('fraud.evidenceUnknown');
  const details = fields.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ');
  return t('fraud.evidenceStored', { details });
}
