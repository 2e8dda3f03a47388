-- Keyed hashes of the mailboxes that an account had before its present one. Once the account is erased they are remembered
-- like the last one, so that a change of address does not make a person new.
CREATE TABLE auth.former_mailbox (
  user_id    uuid NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  email_hash bytea NOT NULL,
  PRIMARY KEY (user_id, email_hash)
);

-- Codes that erased people had chosen, as keyed hashes: a code may be a name, so it is not kept, and it stays taken.
CREATE TABLE referral.erased_code (
  code_hash bytea PRIMARY KEY
);
CREATE TRIGGER erased_code_is_append_only BEFORE UPDATE OR DELETE ON referral.erased_code
  FOR EACH ROW EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER erased_code_is_never_emptied BEFORE TRUNCATE ON referral.erased_code
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();

-- Who was rewarded and erased is remembered for good: no process may forget it, whatever it is made to run.
-- safe beside the release before: nothing changes or deletes a tombstone
CREATE TRIGGER tombstone_is_append_only BEFORE UPDATE OR DELETE ON referral.tombstone
  FOR EACH ROW EXECUTE FUNCTION platform.refuse_change();
CREATE TRIGGER tombstone_is_never_emptied BEFORE TRUNCATE ON referral.tombstone
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();
