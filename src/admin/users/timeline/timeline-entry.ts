/** By what a timeline can be filtered. */
export const timelineKinds = [
  'account',
  'invitations',
  'payments',
  'credit',
  'emails',
  'reviews',
  'staff',
] as const;
/** One of {@link timelineKinds}. */
export type TimelineKind = (typeof timelineKinds)[number];

/** Another person of a referral; null once erased. */
interface OtherPerson {
  other_id: string | null;
  other_email: string | null;
}

interface ReferralData extends OtherPerson {
  referral_id: string;
  code: string;
  origin: string;
}

interface AuditData {
  action: string;
  actor_kind: string;
  actor_id: string | null;
  actor_email: string | null;
  actor_name: string | null;
  via: string | null;
  note: string | null;
}

/**
 * What is known of an event, by where it comes from. Times are ISO 8601, lengths in milliseconds.
 */
export interface TimelineData {
  signUp: { external_id: string | null };
  /** How often the links of a code were opened on a day. */
  linkClick: { code: string; clicks: number };
  /** The user was invited. */
  invitation: ReferralData;
  /** The user invited another person. */
  invite: ReferralData;
  payment: {
    key: string;
    amount: number;
    currency: string;
    customer_id: string;
    subscription_id: string;
  };
  reversal: {
    key: string;
    kind: string;
    status: string;
    amount: number;
    currency: string;
    invoice_id: string;
  };
  credit: OtherPerson & {
    entry_id: string;
    kind: string;
    duration_ms: number;
    referral_id: string | null;
    note: string | null;
    is_revocable: boolean;
  };
  email: { template: string | null };
  /** What a fraud rule found about the invitation of the user. */
  finding: { referral_id: string; rule: string; mode: string; weight: number };
  /** The first payment of a user who was invited, and what became of the reward so far. */
  conversion: OtherPerson & {
    referral_id: string;
    state: string;
    holds: string[];
    release_at: string | null;
    reasons: string[];
  };
  /** What the user, the programme or Stripe changed. */
  change: AuditData;
  /** What staff, an operator or an API key did. */
  staff: AuditData;
}

/** Where an event comes from. */
export type TimelineSource = keyof TimelineData;

/** Something that happened to a user. `key` is its own among those of its source. */
export type TimelineEntry = {
  [Source in TimelineSource]: { source: Source; at: Date; key: string; data: TimelineData[Source] };
}[TimelineSource];
