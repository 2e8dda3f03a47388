import type { Letter } from './letter.js';

/** Sends letters. Called with no transaction open: a mail server may take its time. */
export abstract class Mailer {
  /**
   * Sends `letter`, or throws and leaves it to the caller's retry.
   * Again: the same id gives the same Message-ID, by which mail servers and readers drop the copy.
   */
  abstract send(letter: Letter): Promise<void>;
}
