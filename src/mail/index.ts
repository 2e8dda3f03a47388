export { MailModule } from './mail.module.js';
export { Mailer } from './mailer.js';
export { SentLetters } from './sent-letters.js';
export type { Letter, LetterContent } from './letter.js';
export {
  addressChangedLetter,
  referredCreditedLetter,
  referrerCreditedLetter,
  signInCodeLetter,
} from './letters.js';
export {
  creditReturnedLetter,
  creditTakenLetter,
  paymentFailedLetter,
  type CreditOccasion,
} from './money-letters.js';
export { checkMail } from './check-mail.js';
