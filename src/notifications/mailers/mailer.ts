import type { Database } from '../../platform/database/database.js';
import { withSpan } from '../../platform/observability/tracing.js';
import type { CapturedEmailsRepository } from './captured-emails.repository.js';

/**
 * One e-mail to one person. `id` names its event (`sign-in-code:<challenge>`), so the same email
 * sent again is recognisable; `html` is a whole document whose text is escaped already.
 * `unsubscribeUrl`: where a click, or the mail reader by itself, stops emails of this kind.
 * `isUrgent`: a person waits for it in front of a screen. `namedUserId`: whom it names besides the
 * reader; a copy that is kept is deleted with their account.
 */
export interface EmailMessage {
  id: string;
  /** Its name in the translations. */
  template: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  unsubscribeUrl?: string;
  isUrgent?: boolean;
  namedUserId?: string;
}

/** What an email says, before it is addressed. */
export type EmailContent = Pick<EmailMessage, 'template' | 'subject' | 'text' | 'html' | 'unsubscribeUrl'>;

/** Sends emails. Called with no transaction open: a mail server may take its time. */
export abstract class Mailer {
  /**
   * Sends `message`, or throws and leaves it to the caller's retry. An email that is refused for
   * good is logged and counted, and not tried again.
   * Idempotent: the same id gives the same Message-ID, by which mail servers and readers drop the
   * copy.
   */
  abstract send(message: EmailMessage): Promise<void>;
}

/**
 * Keeps emails in the database instead of sending them, so that no mail server is needed to try the
 * product.
 */
export class CapturingMailer extends Mailer {
  constructor(
    private readonly database: Database,
    private readonly capturedEmails: CapturedEmailsRepository,
  ) {
    super();
  }

  send(message: EmailMessage): Promise<void> {
    return withSpan('mail', { email: message.id }, () =>
      this.database.transaction((tx) => this.capturedEmails.insert(tx, message)),
    );
  }
}
