export { MailModule } from './mail.module.js';
export { LetterRetention } from './letter-retention.js';
export { Mailbox } from './mailbox.js';
export { Mailer } from './mailer.js';
export { SentLetters } from './sent-letters.js';
export type { Letter, LetterContent } from './letter.js';
export { lengthIn, letterOf, type LetterName } from './letters.js';
export { checkMail } from './check-mail.js';
export { capturedMailOf, type CapturedMail } from './captured-mail.js';
