import type { Letter } from './letter.js';

/** Sends letters. Called with no transaction open: a mail server may take its time. */
export abstract class Mailer {
  /**
   * Sends `letter`, or throws and leaves it to the caller's retry. A letter that is refused for good is logged and counted,
   * and not tried again.
   * Again: the same id gives the same Message-ID, by which mail servers and readers drop the copy.
   */
  abstract send(letter: Letter): Promise<void>;
}
