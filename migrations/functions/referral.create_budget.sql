CREATE OR REPLACE FUNCTION referral.create_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral.budget (terms_version, limit_ms)
  VALUES (NEW.version, NEW.budget_days * 86400000::bigint);
  RETURN NULL;
END $$;
