-- How accounts end: two that turned out to be one person's become one, and what erasing must not forget.

-- An account that lives on in another. What happened stays with the account it happened to; whom it concerns now is asked
-- here. Never a chain: what was merged into an account follows it at once.
CREATE TABLE platform.merged_account (
  from_id uuid PRIMARY KEY REFERENCES auth."user",
  into_id uuid NOT NULL REFERENCES auth."user",
  CONSTRAINT merged_account_goes_to_another CHECK (from_id <> into_id)
);
CREATE INDEX merged_account_by_person ON platform.merged_account (into_id, from_id);

-- Who an account is now: itself, or the one that it was merged into.
CREATE FUNCTION platform.person_of(account uuid) RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN coalesce((SELECT m.into_id FROM platform.merged_account m WHERE m.from_id = account), account);
END $$;

-- All accounts of a person: the one they sign in to first.
CREATE FUNCTION platform.accounts_of(person uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN person || ARRAY (SELECT m.from_id FROM platform.merged_account m WHERE m.into_id = person ORDER BY m.from_id);
END $$;

-- These accounts, and whoever they are now.
CREATE FUNCTION platform.with_persons(accounts uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN accounts || ARRAY (SELECT m.into_id FROM platform.merged_account m WHERE m.from_id = ANY (accounts));
END $$;

-- Days that go to another account: a line that takes them there, and one that brings them here.
ALTER TABLE credit.entry
  ADD root_id uuid REFERENCES credit.entry,
  ADD CONSTRAINT credit_entry_transfer_knows_its_root CHECK ((kind = 'transfer') = (root_id IS NOT NULL)),
  DROP CONSTRAINT credit_entry_sign_fits_its_kind,
  ADD CONSTRAINT credit_entry_sign_fits_its_kind CHECK (
    CASE
      WHEN kind IN ('referral_referrer', 'referral_referred', 'admin_grant', 'refund_as_credit', 'milestone') THEN length_ms > 0
      WHEN kind IN ('restoration', 'shift') THEN length_ms >= 0
      WHEN kind IN ('reversal', 'admin_revoke') THEN length_ms <= 0
      WHEN kind IN ('deferral', 'transfer') THEN length_ms <> 0
      ELSE false
    END),
  DROP CONSTRAINT credit_entry_names_what_it_acts_on,
  ADD CONSTRAINT credit_entry_names_what_it_acts_on CHECK (
    (kind IN ('reversal', 'admin_revoke', 'restoration', 'deferral', 'transfer')) = (reverses_entry_id IS NOT NULL));
COMMENT ON COLUMN credit.entry.root_id IS 'the grant whose days are moved';
CREATE UNIQUE INDEX credit_entry_moves_on_once ON credit.entry (reverses_entry_id, user_id) WHERE kind = 'transfer';
CREATE INDEX credit_entry_by_root ON credit.entry (root_id) WHERE root_id IS NOT NULL;

-- An invitation that a merge made pointless: its newcomer had come already, or is who invited them. It never converts,
-- whoever tries, which is how a person converts at most once.
ALTER TABLE referral.referral ADD closed_at timestamptz;
COMMENT ON COLUMN referral.referral.closed_at IS 'a merge of accounts has ended it before its first payment';

CREATE FUNCTION referral.skip_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM referral.referral r WHERE r.id = NEW.referral_id AND r.closed_at IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER conversion_of_a_closed_referral_is_none BEFORE INSERT ON referral.conversion
  FOR EACH ROW EXECUTE FUNCTION referral.skip_closed();

-- What was merged, by whom, and what it takes to undo it: ids and figures only.
CREATE SCHEMA life;

CREATE TABLE life.merge (
  id             uuid PRIMARY KEY,
  from_user_id   uuid NOT NULL REFERENCES auth."user",
  into_user_id   uuid NOT NULL REFERENCES auth."user",
  merged_at      timestamptz NOT NULL,
  actor_kind     text NOT NULL CONSTRAINT merge_is_done_by_staff CHECK (actor_kind IN ('admin', 'operator')),
  actor_id       uuid,
  note_id        uuid NOT NULL,
  moved          jsonb NOT NULL,
  undone_at      timestamptz,
  undone_note_id uuid,
  CONSTRAINT merge_is_of_two CHECK (from_user_id <> into_user_id),
  CONSTRAINT merge_undone_says_why CHECK ((undone_at IS NULL) = (undone_note_id IS NULL))
);
COMMENT ON COLUMN life.merge.moved IS 'by module, what each needs to put things back';
CREATE UNIQUE INDEX merge_is_one_at_a_time ON life.merge (from_user_id) WHERE undone_at IS NULL;
CREATE INDEX merge_by_target ON life.merge (into_user_id, id);
