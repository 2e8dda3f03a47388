-- Keeps `has_second_factor` of a user whose factors change. The user is locked first, so that the
-- factors are counted by a statement that sees what those who held the lock committed.
CREATE OR REPLACE FUNCTION auth.update_has_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  person uuid := coalesce(NEW.user_id, OLD.user_id);
BEGIN
  PERFORM 1 FROM auth."user" WHERE id = person FOR NO KEY UPDATE;
  UPDATE auth."user" SET has_second_factor =
    EXISTS (SELECT FROM auth.passkey WHERE user_id = person)
    OR EXISTS (SELECT FROM auth.authenticator_app WHERE user_id = person)
  WHERE id = person;
  RETURN NULL;
END $$;
