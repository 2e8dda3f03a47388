-- The credit ledger. An account's `until` follows from its entries; it is stored beside them so that
-- reading it takes one row.
CREATE SCHEMA credit;

\ir functions/credit.create_accounts.sql
\ir functions/credit.update_account_from_entry.sql

-- Every user has an account from the start, so that there is always a row to lock.
CREATE TABLE credit.account (
  user_id  uuid PRIMARY KEY
           CONSTRAINT credit_account_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  until    timestamptz,
  last_seq bigint NOT NULL DEFAULT 0,
  last_at  timestamptz
);
CREATE INDEX credit_account_by_until ON credit.account (until, user_id) WHERE until IS NOT NULL;
CREATE TRIGGER user_gets_a_credit_account AFTER INSERT ON auth."user"
  REFERENCING NEW TABLE AS new_users FOR EACH STATEMENT EXECUTE FUNCTION credit.create_accounts();

CREATE TABLE credit.entry (
  id                uuid PRIMARY KEY,
  user_id           uuid NOT NULL CONSTRAINT credit_entry_belongs_to_an_account
                    REFERENCES credit.account ON DELETE RESTRICT,
  seq               bigint NOT NULL,
  at                timestamptz NOT NULL,
  kind              text NOT NULL,
  duration_ms       bigint NOT NULL,
  until_after       timestamptz,
  not_before        timestamptz,
  paid_period_from  timestamptz,
  paid_period_until timestamptz,
  conversion_id     uuid,
  referral_id       uuid,
  side              text
                    CONSTRAINT credit_entry_side_is_known CHECK (side IN ('referrer', 'referred')),
  revision          smallint,
  reverses_entry_id uuid CONSTRAINT credit_entry_reverses_an_entry REFERENCES credit.entry,
  origin_entry_id   uuid CONSTRAINT credit_entry_has_an_origin_entry REFERENCES credit.entry,
  note_id           uuid,
  CONSTRAINT credit_entry_seq_is_unique UNIQUE (user_id, seq),
  CONSTRAINT credit_entry_once_per_side UNIQUE (conversion_id, side, revision),
  CONSTRAINT credit_entry_of_a_conversion_is_complete
    CHECK (num_nonnulls(conversion_id, side, revision, referral_id) IN (0, 4)),
  CONSTRAINT credit_entry_sign_matches_its_kind CHECK (
    CASE
      WHEN kind IN ('referral_referrer', 'referral_referred', 'admin_grant', 'refund_as_credit',
                    'milestone') THEN duration_ms > 0
      WHEN kind IN ('restoration', 'shift') THEN duration_ms >= 0
      WHEN kind IN ('reversal', 'admin_revoke') THEN duration_ms <= 0
      WHEN kind IN ('deferral', 'transfer') THEN duration_ms <> 0
      ELSE false
    END),
  CONSTRAINT credit_entry_has_its_target CHECK (
    (kind IN ('reversal', 'admin_revoke', 'restoration', 'deferral', 'transfer'))
    = (reverses_entry_id IS NOT NULL)),
  CONSTRAINT credit_entry_paid_period_has_both_ends
    CHECK (num_nonnulls(paid_period_from, paid_period_until) IN (0, 2)
           AND paid_period_from < paid_period_until),
  CONSTRAINT credit_entry_shift_has_not_before CHECK (kind <> 'shift' OR not_before IS NOT NULL),
  CONSTRAINT credit_entry_transfer_has_its_origin
    CHECK ((kind = 'transfer') = (origin_entry_id IS NOT NULL))
);
COMMENT ON COLUMN credit.entry.not_before IS 'where the days begin at the earliest; null: at once';
COMMENT ON COLUMN credit.entry.paid_period_from IS
  'the user was paid for from here to paid_period_until: days that ran in it are unused again';
COMMENT ON COLUMN credit.entry.revision IS
  '0: the reward; each later number is a reversal, restoration or transfer of it';
COMMENT ON COLUMN credit.entry.origin_entry_id IS 'the grant whose days a transfer moves';
CREATE UNIQUE INDEX credit_entry_is_revoked_once ON credit.entry (reverses_entry_id)
  WHERE kind = 'admin_revoke';
CREATE UNIQUE INDEX credit_entry_is_transferred_once ON credit.entry (reverses_entry_id, user_id)
  WHERE kind = 'transfer';
CREATE INDEX credit_entry_by_referral ON credit.entry (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX credit_entry_by_origin ON credit.entry (origin_entry_id)
  WHERE origin_entry_id IS NOT NULL;
CREATE INDEX credit_entry_with_not_before ON credit.entry (user_id) WHERE not_before IS NOT NULL;
-- The table grows in the order of `at`, so a summary per block range costs almost nothing to keep.
CREATE INDEX credit_entry_by_at ON credit.entry USING brin (at) WITH (autosummarize = on);
CREATE TRIGGER credit_entry_is_append_only BEFORE UPDATE OR DELETE ON credit.entry
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER credit_entry_is_never_truncated BEFORE TRUNCATE ON credit.entry
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER credit_entry_updates_its_account AFTER INSERT ON credit.entry
  FOR EACH ROW EXECUTE FUNCTION credit.update_account_from_entry();
