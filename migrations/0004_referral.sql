-- Who brought whom, under which terms, and the one payment that made it count.
CREATE SCHEMA referral;

CREATE TABLE referral.terms (
  version       integer PRIMARY KEY CONSTRAINT terms_version_starts_at_one CHECK (version >= 1),
  referrer_days integer NOT NULL CONSTRAINT terms_referrer_days_are_sane CHECK (referrer_days BETWEEN 1 AND 3650),
  referred_days integer NOT NULL CONSTRAINT terms_referred_days_are_sane CHECK (referred_days BETWEEN 1 AND 3650),
  valid_from    timestamptz NOT NULL
);
CREATE TRIGGER terms_are_append_only BEFORE UPDATE OR DELETE ON referral.terms
  FOR EACH ROW EXECUTE FUNCTION platform.refuse_change();

CREATE TRIGGER terms_are_never_emptied BEFORE TRUNCATE ON referral.terms
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

CREATE TABLE referral.code (
  code       text PRIMARY KEY
             CONSTRAINT code_is_eight_unambiguous_letters CHECK (code ~ '^[ABCDEFGHJKMNPQRSTUVWXYZ23456789]{8}$'),
  user_id    uuid NOT NULL CONSTRAINT code_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  retired_at timestamptz
);
CREATE UNIQUE INDEX code_is_one_per_user ON referral.code (user_id) WHERE retired_at IS NULL;

CREATE TABLE referral.referral (
  id            uuid PRIMARY KEY,
  referrer_id   uuid REFERENCES auth."user" ON DELETE SET NULL,
  referred_id   uuid NOT NULL CONSTRAINT referral_once_per_referred UNIQUE REFERENCES auth."user",
  code          text NOT NULL,
  terms_version integer NOT NULL REFERENCES referral.terms,
  origin        text NOT NULL CONSTRAINT referral_origin_is_known
                CHECK (origin IN ('sign_up', 'import', 'admin', 'merge')),
  label         text NOT NULL,
  linked_at     timestamptz NOT NULL,
  -- Only a merge of two accounts can leave somebody on both ends.
  CONSTRAINT referral_not_of_oneself CHECK (referrer_id <> referred_id OR origin = 'merge')
);
COMMENT ON COLUMN referral.referral.label IS 'how the referrer sees the referred: a masked e-mail';
CREATE INDEX referral_by_referrer ON referral.referral (referrer_id, id);

CREATE TABLE referral.conversion (
  id           uuid PRIMARY KEY,
  referral_id  uuid NOT NULL CONSTRAINT conversion_once_per_referral UNIQUE REFERENCES referral.referral,
  referred_id  uuid NOT NULL CONSTRAINT conversion_once_per_referred UNIQUE,
  invoice_id   text NOT NULL CONSTRAINT conversion_once_per_invoice UNIQUE,
  converted_at timestamptz NOT NULL,
  credited_at  timestamptz NOT NULL
);

CREATE TRIGGER conversion_is_append_only BEFORE UPDATE OR DELETE ON referral.conversion
  FOR EACH ROW EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER conversion_is_never_emptied BEFORE TRUNCATE ON referral.conversion
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

-- What erasure must not forget: this address (as a keyed hash) was invited already.
CREATE TABLE referral.tombstone (
  email_hash bytea PRIMARY KEY,
  created_at timestamptz NOT NULL
);
