CREATE OR REPLACE FUNCTION billing.create_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO billing.account (user_id) SELECT id FROM new_users;
  RETURN NULL;
END $$;
