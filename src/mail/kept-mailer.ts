import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import { spanning } from '../platform/tracing/spanning.js';
import type { Letter } from './letter.js';
import { Mailer } from './mailer.js';

/** Keeps letters in the database instead of sending them, so that nobody needs a mail server to try the product. */
export class KeptMailer extends Mailer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  send(letter: Letter): Promise<void> {
    return spanning('mail', { letter: letter.id }, () => this.keep(letter));
  }

  private async keep({ id, to, subject, text, html }: Letter): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `INSERT INTO mail.letter (id, recipient, subject, text_part, html_part, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
        [id, to, subject, text, html, this.clock.now()],
      ),
    );
  }
}
