import type { Translate } from '../../platform/i18n/translations.js';
import type { FraudFindingDto } from '../../referral/index.js';

/**
 * What a rule found, as a sentence. The domain of an address is not part of the evidence: it comes
 * from the account of the friend, null once erased.
 */
export function evidenceText(
  t: Translate,
  { rule, evidence }: Pick<FraudFindingDto, 'rule' | 'evidence'>,
  friendEmail: string | null,
): string {
  const domain = friendEmail?.split('@').at(-1) ?? t('fraud.erasedDomain');
  return t(`fraud.evidenceText.${rule}`, { ...(evidence as Record<string, string | number>), domain });
}
