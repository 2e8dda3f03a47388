-- The function behind the ledger's trigger runs as the owner. Another role could put it behind a table of its own and so
-- write any balance: it serves the ledger only, and the right to make triggers of it is the owner's.
REVOKE EXECUTE ON FUNCTION credit.follow_entry() FROM PUBLIC;

-- safe beside the release before: the same, with a check that always holds for the ledger
CREATE OR REPLACE FUNCTION credit.follow_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_RELID <> 'credit.entry'::regclass THEN
    RAISE EXCEPTION 'Only the ledger moves balances' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE credit.account SET last_seq = NEW.seq, last_at = NEW.at, until = NEW.until_after
  WHERE user_id = NEW.user_id AND last_seq < NEW.seq;
  RETURN NULL;
END $$;
