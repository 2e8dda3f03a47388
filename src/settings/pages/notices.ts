import type { Tone } from '../../platform/pages/parts.js';
import type { NoticeKey } from './settings-model.js';

/** How what the page says after something was done is meant; its words are `settings.notices` of the catalogue. */
export const notices: Record<NoticeKey, Tone> = {
  profile: 'good',
  email: 'good',
  letters: 'good',
  code: 'good',
  claim: 'good',
  backup_restored: 'good',
  signed_out_device: 'good',
  checkout_done: 'good',
  billing_unreachable: 'bad',
};
