import type { LetterContent } from './letter.js';
import { plainLetter } from './letter-layout.js';

/** What days were given for. `friend` is the masked address of whom one invited, when it is still known. */
export type CreditOccasion = { kind: 'invitation'; friend: string | null } | { kind: 'first_payment' };

/** What has become of somebody's days, in words. `days` is positive, and may have decimals. */
interface TurnedCredit {
  days: number;
  occasion: CreditOccasion;
  why: string;
  settingsUrl: string;
}

/** To somebody whose days were taken back. `next` says what would bring them back. */
export function creditTakenLetter({
  isSuspended,
  next,
  ...credit
}: TurnedCredit & { isSuspended: boolean; next: string }): LetterContent {
  const given = occasionWords(credit.occasion);
  return plainLetter(
    isSuspended ? `Your credit ${given} is on hold` : `Your credit ${given} was taken back`,
    [
      `${lengthWords(credit.days)} of paid access ${given} were taken from your account. Days that you had used already stay yours.`,
      credit.why,
      next,
      `See your credit in your settings: ${credit.settingsUrl}`,
    ],
  );
}

/** To somebody whose days have come back. */
export function creditReturnedLetter({ days, occasion, why, settingsUrl }: TurnedCredit): LetterContent {
  const given = occasionWords(occasion);
  return plainLetter(`Your credit ${given} is back`, [
    `${lengthWords(days)} of paid access ${given} are on your account again.`,
    why,
    `See your credit in your settings: ${settingsUrl}`,
  ]);
}

/** To somebody whose payment did not go through. `actionRequired`: their bank wants to see them confirm it. */
export function paymentFailedLetter(actionRequired: boolean, settingsUrl: string): LetterContent {
  return plainLetter(
    actionRequired ? 'Please confirm your payment' : 'Your payment did not go through',
    actionRequired
      ? [
          'Your bank wants you to confirm the payment for your subscription before it goes through.',
          `Please do so from your settings, under “Manage or cancel”: ${settingsUrl}`,
          'Until then nothing is charged.',
        ]
      : [
          'The payment for your subscription was declined, so nothing was charged.',
          `Please look at your card in your settings, under “Manage or cancel”: ${settingsUrl}`,
          'It is tried again in the next days. Have you paid in the meantime? Then there is nothing left to do.',
        ],
  );
}

function occasionWords(occasion: CreditOccasion): string {
  if (occasion.kind === 'first_payment') return 'for your first payment';
  return occasion.friend === null ? 'for an invitation' : `for inviting ${occasion.friend}`;
}

/** "45 days", "44.9 days", and below one day "5 hours". */
function lengthWords(days: number): string {
  const [length, unit] = days < 1 ? [Math.max(1, Math.round(days * 24)), 'hour'] : [days, 'day'];
  const figure = new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(length);
  return `${figure} ${figure === '1' ? unit : `${unit}s`}`;
}
