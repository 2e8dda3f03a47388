import type { DomainClass } from '../fraud/signals.js';

/** What auth knows of a newcomer when it links them. `label` is how the referrer will see them: a masked e-mail. */
export interface Newcomer {
  code: string;
  referredId: string;
  label: string;
  /** The keyed hashes of the e-mail address, under every key in use. */
  emailHashes: Buffer[];
  domainClass: DomainClass;
}
