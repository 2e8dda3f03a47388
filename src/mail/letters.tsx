import type { LetterContent } from './letter.js';
import { htmlDocument, paragraphs, plainLetter } from './letter-layout.js';

/** The letter that carries a sign-in code. In the text part the code stands alone on its line. */
export function signInCodeLetter(code: string, minutes: number): LetterContent {
  const purpose = 'Enter this code to go on:';
  const validity = `It is good for ${minutes} minutes, and only once.`;
  const stranger = 'You did not ask for it? Then ignore this letter: without the code nobody gets in.';
  return {
    subject: `${code} is your Twofold code`,
    text: paragraphs(purpose, code, validity, stranger),
    html: htmlDocument(
      <>
        <p>{purpose}</p>
        <p style="font: bold 32px/1.2 monospace; letter-spacing: 6px">{code}</p>
        <p>{validity}</p>
        <p>{stranger}</p>
      </>,
    ),
  };
}

/** The notice to an address that no longer belongs to an account. `newAddress` is masked. */
export function addressChangedLetter(newAddress: string): LetterContent {
  return plainLetter('Your Twofold address was changed', [
    `Your Twofold account now signs in with ${newAddress}. This address no longer opens it.`,
    'This was not you? Answer this letter at once, so that we can look into it.',
  ]);
}

/** To somebody whose invitation paid off. `friend` is the masked address of the newcomer, when it is still known. */
export function referrerCreditedLetter(
  days: number,
  friend: string | null,
  settingsUrl: string,
): LetterContent {
  return plainLetter(`${daysOfAccess(days)} for your invitation`, [
    `${friend ?? 'Somebody you invited'} made their first payment, so ${daysOfAccess(days)} were added to your account.`,
    `See them in your settings: ${settingsUrl}`,
  ]);
}

/** To somebody who came by an invitation and has paid for the first time. */
export function referredCreditedLetter(days: number, settingsUrl: string): LetterContent {
  return plainLetter(`${daysOfAccess(days)} on top of your first payment`, [
    `You came by an invitation and have paid for the first time, so ${daysOfAccess(days)} were added to your account.`,
    `See them in your settings: ${settingsUrl}`,
  ]);
}

function daysOfAccess(days: number): string {
  return `${days} ${days === 1 ? 'day' : 'days'} of paid access`;
}
