import type { Actor } from '../../platform/audit-log.js';
import type { DomainClass } from '../fraud/email-domain-class.js';

/** The campaign and the page that a person came by, as the link said. Nothing of it is about the person. */
export interface CampaignParams {
  landing?: string;
  source?: string;
  medium?: string;
  campaign?: string;
  term?: string;
  content?: string;
}

/** What auth knows of a newcomer when it links them. `label` is how the referrer will see them: a masked e-mail. */
export interface NewReferral {
  code: string;
  referredId: string;
  label: string;
  /** The keyed hashes of the e-mail address, under every key in use. */
  emailHashes: Buffer[];
  domainClass: DomainClass;
  /** How they came: with a link when they signed up, by a claim later, or by staff. */
  origin?: 'sign_up' | 'claim' | 'admin';
  actor?: Actor;
  noteId?: string;
  campaign?: CampaignParams | null;
}
