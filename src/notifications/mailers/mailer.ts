/**
 * One e-mail to one person. `id` names the fact it tells (`sign-in-code:<challenge>`), so the same letter sent
 * again is recognisable; `html` is a whole document whose text is escaped already. `unsubscribeUrl`: where a click, or the
 * mail reader by itself, stops letters of this kind. `isUrgent`: somebody waits for it in front of a screen.
 */
export interface EmailMessage {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  unsubscribeUrl?: string;
  isUrgent?: boolean;
}

/** What a letter says, before it is addressed. */
export type EmailContent = Pick<EmailMessage, 'subject' | 'text' | 'html' | 'unsubscribeUrl'>;

/** Sends letters. Called with no transaction open: a mail server may take its time. */
export abstract class Mailer {
  /**
   * Sends `letter`, or throws and leaves it to the caller's retry. A letter that is refused for good is logged and counted,
   * and not tried again.
   * Again: the same id gives the same Message-ID, by which mail servers and readers drop the copy.
   */
  abstract send(message: EmailMessage): Promise<void>;
}
