-- What a product brings along from the referral tool that it used before.

-- The codes of that tool, exactly as people shared them. They stand for a person, and are looked up
-- only after the codes that were made here.
CREATE TABLE referral.code_alias (
  alias      text PRIMARY KEY CONSTRAINT code_alias_length_is_in_range
             CHECK (char_length(alias) BETWEEN 1 AND 100),
  user_id    uuid NOT NULL
             CONSTRAINT code_alias_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  created_at timestamptz NOT NULL
);
CREATE INDEX code_alias_by_user ON referral.code_alias (user_id);
-- A code that somebody chooses must not take over the links of another person.
CREATE INDEX code_alias_by_key ON referral.code_alias (referral.code_key(alias));

ALTER TABLE referral.referral ADD COLUMN rewarded_elsewhere_at timestamptz;
COMMENT ON COLUMN referral.referral.rewarded_elsewhere_at IS
  'the first payment was rewarded by the tool used before: this referral never converts';

-- Days that the tool used before still owed. A row of a file is credited once, ever.
CREATE TABLE credit.imported_grant (
  key_hash   bytea PRIMARY KEY,
  granted_at timestamptz NOT NULL
);
COMMENT ON COLUMN credit.imported_grant.key_hash IS
  'SHA-256 of the tool and of the key of the row, which may be a name';
CREATE TRIGGER imported_grant_is_append_only BEFORE UPDATE OR DELETE ON credit.imported_grant
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER imported_grant_is_never_truncated BEFORE TRUNCATE ON credit.imported_grant
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();
