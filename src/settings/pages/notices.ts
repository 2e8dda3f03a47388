import type { Tone } from '../../platform/pages/parts.js';
import type { NoticeKey } from './settings-model.js';

/** What the page says after something was done. */
export const notices: Record<NoticeKey, { tone: Tone; text: string }> = {
  profile: { tone: 'good', text: 'Your profile is saved.' },
  letters: { tone: 'good', text: 'Your choice of letters is saved.' },
  email: { tone: 'good', text: 'Your address is changed, and your other devices are signed out.' },
  backup_restored: {
    tone: 'good',
    text: 'The backup is restored as a new revision. Your client takes it over at its next sync.',
  },
  signed_out_device: { tone: 'good', text: 'That device is signed out.' },
  checkout_done: {
    tone: 'good',
    text: 'Thank you. Your payment is told to us in a moment; reload this page if your access does not show yet.',
  },
  billing_unreachable: {
    tone: 'bad',
    text: 'The payment service did not answer. Nothing was charged; please try again in a minute.',
  },
};
