/**
 * What is to be reported about one cell, or about a whole row (`column` is then `row`). `message`
 * follows the name of the column, says what would be right, and is the same for all of its kind.
 * `value` is as `showValue` shows it. A problem means that something was not taken over.
 */
export interface Finding {
  level: 'problem' | 'warning';
  line: number;
  column: string;
  value: string;
  message: string;
  /** What else this one needs to be found, such as an earlier line. */
  detail: string | null;
}
