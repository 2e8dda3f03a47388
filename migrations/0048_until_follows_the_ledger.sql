-- How far credit reaches is what the ledger says. The role that runs Twofold may add entries, and may no longer write `until`
-- itself: it follows each entry here, or is moved by the function that grants.
CREATE FUNCTION credit.follow_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE credit.account SET last_seq = NEW.seq, last_at = NEW.at, until = NEW.until_after
  WHERE user_id = NEW.user_id AND last_seq < NEW.seq;
  RETURN NULL;
END $$;
-- safe beside the release before: it writes the same to the account before it adds the entry, so nothing is left to do
CREATE TRIGGER entry_moves_its_account AFTER INSERT ON credit.entry
  FOR EACH ROW EXECUTE FUNCTION credit.follow_entry();

ALTER FUNCTION credit.grant_lines(uuid[], uuid[], text[], bigint[], uuid[], uuid[], text[], uuid[], timestamptz[], timestamptz)
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp;

-- Who may call what runs as the owner is decided for each role, see `twofold database grant`; those that are there keep it.
REVOKE EXECUTE ON FUNCTION credit.grant_lines(uuid[], uuid[], text[], bigint[], uuid[], uuid[], text[], uuid[], timestamptz[], timestamptz)
  FROM PUBLIC;
DO $$
DECLARE
  role text;
BEGIN
  FOR role IN SELECT d.name FROM platform.database_role d JOIN pg_roles r ON r.rolname = d.name WHERE d.access = 'app' LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION credit.grant_lines(uuid[], uuid[], text[], bigint[], uuid[], uuid[], text[], uuid[], timestamptz[], timestamptz) TO %I', role);
  END LOOP;
END $$;
