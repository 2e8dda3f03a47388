/** Columns of a table, by the table. */
type Columns = Record<string, string>;

/** Where something of a person stands while they are here, and nothing once they are erased. */
export const erasedColumns: Columns = {
  'auth.challenge': 'code_hash email id',
  'auth.authenticator_app': 'sealed_secret user_id',
  'auth.known_device': 'device_hash user_id',
  'auth.passkey': 'credential_id id name public_key user_id',
  'auth.recovery_code': 'code_hash user_id',
  'auth.staff_invitation': 'email id invited_by token_hash',
  'auth.former_mailbox': 'user_id',
  'auth.session': 'id token_hash user_agent user_id',
  'notifications.email_delivery': 'user_id',
  'notifications.email_opt_out': 'user_id',
  'auth.user': 'display_name email external_id time_zone',
  'notifications.captured_email': 'html_part id recipient subject text_part',
  'platform.access_change': 'user_id',
  'platform.idempotency': 'answer caller_id route',
  'platform.note': 'subject_id text',
  'referral.code_alias': 'alias user_id',
  'referral.channel_click': 'code',
  'referral.invite_note': 'text',
  'referral.link_click': 'code',
  'settings.backup': 'data user_id',
  'webhooks.published_access': 'user_id',
};

/**
 * Where something may stay, and why. `ids`: our own ids and those of Stripe, no word. `words`: also
 * what is more than an id.
 */
export const keptColumns: { why: string; holds: 'ids' | 'words'; columns: Columns }[] = [
  {
    why: 'the row stays, empty but for its id, because records of others point to it',
    holds: 'ids',
    columns: {
      'auth.user': 'id',
    },
  },
  {
    why: 'the payment records: a refund or a dispute after the erasure must still find what it takes back',
    holds: 'ids',
    columns: {
      'billing.account': 'user_id',
      'billing.checkout_session': 'customer_id id url user_id',
      'billing.customer': 'id user_id',
      'billing.deferral': 'subscription_id user_id',
      'billing.invoice': 'customer_id id subscription_id user_id',
      'billing.invoice_payment': 'id invoice_id',
      'billing.refund_as_credit': 'invoice_id',
      'billing.reversal': 'invoice_id payment_intent_id',
      'billing.subscription': 'customer_id id user_id',
      'credit.account': 'user_id',
      'credit.entry': 'user_id',
      'referral.reward_reservation': 'referrer_id',
      'referral.conversion': 'invoice_id referred_id',
      'referral.milestone': 'referrer_id',
      'admin.inviter_totals': 'accounts inviter_id',
      'referral.referral': 'referred_id referrer_id',
      'referral.review': 'decided_by',
      'referral.scheduled_decision': 'decided_by',
      'referral.reward_status': 'invoice_id',
    },
  },
  {
    why: 'what Stripe sent, redacted: ids and money, no name and no address',
    holds: 'ids',
    columns: {
      'billing.inbox': 'payload',
      'billing.inbox_payload': 'payload',
    },
  },
  {
    why: 'who did what to whom, append-only, in ids and numbers',
    holds: 'ids',
    columns: {
      'accounts.merge': 'actor_id from_user_id into_user_id',
      'platform.audit': 'actor_id details subject_id',
      'platform.merged_account': 'from_id into_id',
    },
  },
  {
    why: 'random codes name no one and are never given to another',
    holds: 'words',
    columns: {
      'auth.challenge': 'referral_code',
      'referral.code': 'code user_id',
      'referral.referral': 'code',
    },
  },
  {
    why: 'keyed hashes of mailbox, customer and card of people who were rewarded, so that they are known again',
    holds: 'words',
    columns: {
      'referral.signal': 'hash user_id',
    },
  },
  {
    why: 'ids of e-mails that were sent, so that none is sent twice',
    holds: 'words',
    columns: {
      'notifications.email_delivery': 'id',
    },
  },
  {
    why: 'a network or a keyed hash with a count, for an hour at most',
    holds: 'words',
    columns: {
      'platform.rate_limit': 'key',
    },
  },
  {
    why: 'ids of people, sessions and codes; an address in it is sealed. Deleted with the job, after 14 days; in the outbox until it is a job',
    holds: 'words',
    columns: {
      'pgboss.job': 'data',
      'platform.outbox': 'pending',
    },
  },
  {
    why: 'events for other products, for `KEEP_EVENTS_DAYS`: ids and numbers, no word',
    holds: 'ids',
    columns: {
      'webhooks.event': 'data',
    },
  },
];

/**
 * Derived values that a scan cannot recognise: digests, a masked address, how a person is known
 * again.
 */
export const derivedColumns: Columns = {
  'billing.inbox': 'digest',
  'credit.imported_grant': 'key_hash',
  'platform.idempotency': 'body_hash',
  'referral.referral': 'label',
  'auth.former_mailbox': 'email_hash',
  'auth.used_proof': 'proof_hash',
  'auth.used_sso_token': 'jti_hash',
  'referral.erased_code': 'code_hash',
  'referral.tombstone': 'email_hash',
};

/** Where nothing of a person ever stands: kinds, states, ids of rows. */
export const nonPersonalColumns: Columns = {
  'pgboss.job': 'output',
  'pgboss.schedule': 'data',
  'pgboss.warning': 'data',
  'admin.channel_click_totals': 'channel',
  'admin.credit_totals': 'currency purpose',
  'admin.credit_totals_by_days': 'currency purpose',
  'admin.installation_report': 'findings',
  'admin.invitation_group_totals': 'campaign channel',
  'admin.invitation_group_totals_by_days': 'campaign channel',
  'admin.liability_totals': 'currency kind',
  'admin.payment_totals': 'currency',
  'admin.payment_totals_by_days': 'currency',
  'admin.totals_refresh': 'part',
  // ids of people with more than a thousand invitations alone; stored again every hour
  'referral.invite_totals': 'decision flags holds inviter_id outcome reasons referrer_id state',
  'auth.api_key': 'id name origins replaced_by scopes secret_hash',
  'auth.challenge': 'campaign locale trusted_device_hash',
  'notifications.email_delivery': 'template',
  'auth.passkey': 'transports',
  'auth.staff_invitation': 'role',
  'notifications.email_opt_out': 'kind',
  'auth.user': 'locale role',
  'billing.account': 'tier',
  'billing.checkout_session': 'price_id request_digest',
  'billing.deferral': 'detail entry_id deferral_entry_id state',
  // of unknown users: the row goes when its customer becomes a user's
  'billing.deleted_customer': 'id',
  'billing.event_alert': 'event_id name',
  'billing.inbox': 'detail event_id status type waiting_key',
  'billing.inbox_payload': 'event_id',
  'billing.invoice': 'currency price_ids',
  'billing.reconciliation_cursor': 'kind',
  'billing.refund_as_credit': 'entry_id',
  'billing.reversal': 'charge_id id kind status',
  'billing.stripe_account': 'account_id',
  'billing.subscription': 'past_due_reported_at price_id status',
  'credit.entry': 'conversion_id id kind note_id referral_id reverses_entry_id origin_entry_id side',
  'accounts.merge': 'actor_kind id moved_data note_id undone_note_id',
  'platform.audit': 'action actor_kind id note_id',
  'platform.database_role': 'access name',
  'platform.idempotency': 'key',
  'platform.note': 'id',
  'platform.secret_key': 'id',
  'platform.verification': 'counted found id',
  'referral.reward_reservation': 'conversion_id',
  'referral.code': 'kind',
  'referral.conversion': 'id referral_id',
  'referral.milestone': 'entry_id last_entry_id',
  'referral.channel_click': 'channel',
  'referral.invite_note': 'referral_id',
  'referral.referral': 'campaign domain_class id origin',
  'referral.review': 'decision outcome referral_id',
  'referral.scheduled_decision': 'decision note_id referral_id',
  'referral.fraud_rule': 'mode name',
  'referral.fraud_rule_hit': 'evidence id mode referral_id rule',
  'referral.signal': 'kind',
  'referral.reward_status': 'conversion_id flags holds reasons state',
  'referral.terms': 'attribution minimum_amounts qualifying_prices',
  'webhooks.delivery': 'endpoint_id event_id id last_error status',
  'webhooks.endpoint': 'description disabled_reason event_types id previous_secret secret url',
  'webhooks.event': 'id type',
  'webhooks.published_access': 'source tier',
};

/** The names of the columns of a list. */
export function columnNames(columns: Columns): string[] {
  return Object.entries(columns).flatMap(([table, names]) =>
    names.split(' ').map((name) => `${table}.${name}`),
  );
}
