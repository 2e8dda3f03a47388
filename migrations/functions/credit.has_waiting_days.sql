-- Whether days of a user ever had to wait for a time.
CREATE OR REPLACE FUNCTION credit.has_waiting_days(account uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT 1 FROM credit.entry e WHERE e.user_id = account AND e.not_before IS NOT NULL)
$$;
