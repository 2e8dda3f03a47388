-- Locks all accounts of the people behind these users. A merge that commits while this waits for a
-- lock may add accounts, so it asks again until none is missing.
CREATE OR REPLACE FUNCTION credit.lock_accounts(users uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  wanted uuid[];
BEGIN
  LOOP
    wanted := platform.with_current_accounts(users);
    PERFORM 1 FROM credit.account a WHERE a.user_id = ANY (wanted) ORDER BY a.user_id FOR NO KEY UPDATE;
    EXIT WHEN platform.with_current_accounts(users) <@ wanted;
  END LOOP;
END $$;
