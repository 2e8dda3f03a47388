CREATE OR REPLACE FUNCTION credit.create_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO credit.account (user_id) SELECT id FROM new_users;
  RETURN NULL;
END $$;
