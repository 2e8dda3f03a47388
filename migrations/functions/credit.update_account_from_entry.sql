-- Sets `until` of an account from its newest entry. The application role may add entries and may not
-- write `until` itself, so this runs as the owner, and only for the ledger: behind another table's
-- trigger it could write any balance.
CREATE OR REPLACE FUNCTION credit.update_account_from_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_RELID <> 'credit.entry'::regclass THEN
    RAISE EXCEPTION 'Only the credit ledger may change an account’s balance'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE credit.account SET last_seq = NEW.seq, last_at = NEW.at, until = NEW.until_after
  WHERE user_id = NEW.user_id AND last_seq < NEW.seq;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION credit.update_account_from_entry() FROM PUBLIC;
