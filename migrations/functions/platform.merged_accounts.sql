-- The present account of a user: itself, or the one it was merged into.
CREATE OR REPLACE FUNCTION platform.current_account_of(account uuid) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN coalesce((SELECT m.into_id FROM platform.merged_account m WHERE m.from_id = account), account);
END $$;

-- A present account and all accounts that were merged into it; the present one first.
CREATE OR REPLACE FUNCTION platform.all_accounts_of(account uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN account || ARRAY (
    SELECT m.from_id FROM platform.merged_account m WHERE m.into_id = account ORDER BY m.from_id);
END $$;

-- These accounts and all other accounts of the same people. One decision about a person may change each
-- of their accounts, so all are locked together, in one order: locking one later could deadlock.
CREATE OR REPLACE FUNCTION platform.with_current_accounts(accounts uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  known uuid[] := accounts || ARRAY (
    SELECT m.into_id FROM platform.merged_account m WHERE m.from_id = ANY (accounts));
BEGIN
  RETURN known || ARRAY (SELECT m.from_id FROM platform.merged_account m WHERE m.into_id = ANY (known));
END $$;
