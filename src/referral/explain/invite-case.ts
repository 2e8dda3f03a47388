import type { InviteRow, InviteView } from '../invites/invite-row.js';
import type { Terms } from '../terms/terms.js';

/** A hit of the programme's rules, for staff: what was found, and how much it weighs. */
export interface Finding {
  rule: string;
  version: number;
  mode: string;
  weight: number;
  evidence: unknown;
  at: string;
}

/** All that the rules of a reward are judged by. `forStaff`: they also see what is kept from the people themselves. */
export interface InviteCase {
  invite: InviteView;
  terms: Terms;
  row: Pick<InviteRow, 'origin' | 'code' | 'flags' | 'capped' | 'outcome' | 'decision'>;
  side: 'referrer' | 'referred';
  forStaff: boolean;
  findings: Finding[];
}

/** How a rule came out: it holds; it still has to be met; it is a matter of time or of a person; it speaks against the reward. */
export type Result = 'met' | 'missing' | 'waiting' | 'undone';

/** A rule as it came out. `words` is a key of the catalogue, `by` when it is decided at the latest, `at` when it was. */
export interface Judged {
  rule: string;
  result: Result;
  inputs: Record<string, unknown>;
  words: string;
  values?: Record<string, string | number | Date | null>;
  at?: string | null;
  by?: string | null;
}
