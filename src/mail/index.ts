export { MailModule } from './mail.module.js';
export { Mailer } from './mailer.js';
export { SentLetters } from './sent-letters.js';
export type { Letter, LetterContent } from './letter.js';
export { lengthIn, letterOf, type LetterName } from './letters.js';
export { checkMail } from './check-mail.js';
