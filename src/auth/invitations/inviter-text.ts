import type { Translate } from '../../platform/i18n/translations.js';

/**
 * Who invites, for a person who opened an invitation: the chosen name, never an address.
 */
export function inviterText(t: Translate, name: string | null): string {
  return name === null ? t('login.invited.neutral') : t('login.invited.named', { name });
}
