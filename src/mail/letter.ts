/**
 * One e-mail to one person. `id` names the fact it tells (`sign-in-code:<challenge>`), so the same letter sent
 * again is recognisable; `html` is a whole document whose text is escaped already. `unsubscribeUrl`: where a click, or the
 * mail reader by itself, stops letters of this kind. `isUrgent`: somebody waits for it in front of a screen.
 */
export interface Letter {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  unsubscribeUrl?: string;
  isUrgent?: boolean;
}

/** What a letter says, before it is addressed. */
export type LetterContent = Pick<Letter, 'subject' | 'text' | 'html' | 'unsubscribeUrl'>;
