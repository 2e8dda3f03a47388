-- These accounts, and all other accounts of the people they belong to. What is settled for a person may change each of their
-- accounts, so all of them are locked together, in one order: one that is locked later could close a circle.
CREATE OR REPLACE FUNCTION platform.with_persons(accounts uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  known uuid[] := accounts || ARRAY (SELECT m.into_id FROM platform.merged_account m WHERE m.from_id = ANY (accounts));
BEGIN
  RETURN known || ARRAY (SELECT m.from_id FROM platform.merged_account m WHERE m.into_id = ANY (known));
END $$;
