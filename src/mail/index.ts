export { MailModule } from './mail.module.js';
export { Mailer } from './mailer.js';
export type { Letter, LetterContent } from './letter.js';
export {
  addressChangedLetter,
  referredCreditedLetter,
  referrerCreditedLetter,
  signInCodeLetter,
} from './letters.js';
