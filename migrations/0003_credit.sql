-- The credit ledger. An account's `until` is the fold of its entries, kept beside them so that reading it is one row.
CREATE SCHEMA credit;

CREATE TABLE credit.account (
  user_id  uuid PRIMARY KEY REFERENCES auth."user" ON DELETE CASCADE,
  until    timestamptz,
  last_seq bigint NOT NULL DEFAULT 0,
  last_at  timestamptz
);

CREATE TABLE credit.entry (
  id                uuid PRIMARY KEY,
  user_id           uuid NOT NULL REFERENCES credit.account ON DELETE RESTRICT,
  seq               bigint NOT NULL,
  at                timestamptz NOT NULL,
  kind              text NOT NULL,
  length_ms         bigint NOT NULL,
  until_after       timestamptz,
  conversion_id     uuid,
  side              text CONSTRAINT credit_entry_side_is_known CHECK (side IN ('referrer', 'referred')),
  turn              smallint,
  reverses_entry_id uuid REFERENCES credit.entry,
  referral_id       uuid,
  note_id           uuid,
  CONSTRAINT credit_entry_seq_is_unique UNIQUE (user_id, seq),
  -- Turn 0 is the reward, each later one a reversal or restoration of it.
  CONSTRAINT credit_entry_once_per_side UNIQUE (conversion_id, side, turn),
  CONSTRAINT credit_entry_of_a_conversion_is_whole
    CHECK (num_nonnulls(conversion_id, side, turn, referral_id) IN (0, 4)),
  CONSTRAINT credit_entry_sign_fits_its_kind CHECK (
    CASE
      WHEN kind IN ('referral_referrer', 'referral_referred', 'admin_grant') THEN length_ms > 0
      WHEN kind = 'restoration' THEN length_ms >= 0
      WHEN kind IN ('reversal', 'admin_revoke') THEN length_ms <= 0
      ELSE false
    END),
  CONSTRAINT credit_entry_revocation_names_its_grant
    CHECK ((kind IN ('reversal', 'admin_revoke', 'restoration')) = (reverses_entry_id IS NOT NULL))
);
CREATE UNIQUE INDEX credit_entry_is_revoked_once ON credit.entry (reverses_entry_id) WHERE kind = 'admin_revoke';
CREATE INDEX credit_entry_by_referral ON credit.entry (referral_id) WHERE referral_id IS NOT NULL;
CREATE TRIGGER credit_entry_is_append_only BEFORE UPDATE OR DELETE ON credit.entry
  FOR EACH ROW EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER credit_entry_is_never_emptied BEFORE TRUNCATE ON credit.entry
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

-- Every user has an account from the first moment on: locking a missing row would lock nothing.
CREATE FUNCTION credit.open_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO credit.account (user_id) SELECT id FROM new_users;
  RETURN NULL;
END $$;
CREATE TRIGGER user_gets_a_credit_account AFTER INSERT ON auth."user"
  REFERENCING NEW TABLE AS new_users FOR EACH STATEMENT EXECUTE FUNCTION credit.open_accounts();

-- Exact, and free of any session's time zone: hours and seconds, never days.
CREATE FUNCTION credit.milliseconds(length_ms bigint) RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT make_interval(hours => (length_ms / 3600000)::integer, secs => (length_ms % 3600000) / 1000.0)
$$;
