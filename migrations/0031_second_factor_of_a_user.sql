-- An app that waits for its first code is sealed in its page, for the session that began it, and not stored.
-- safe beside the release before: it has no second factors
DELETE FROM auth.authenticator_app WHERE confirmed_at IS NULL;
-- safe beside the release before: it has no second factors
ALTER TABLE auth.authenticator_app DROP COLUMN confirmed_at;

-- Whether a person has a second factor, which every request asks.
ALTER TABLE auth."user" ADD COLUMN has_second_factor boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN auth."user".has_second_factor IS
  'whether this person has a passkey or an authenticator app, kept by triggers of both tables';
UPDATE auth."user" u SET has_second_factor = true
WHERE EXISTS (SELECT FROM auth.passkey p WHERE p.user_id = u.id)
  OR EXISTS (SELECT FROM auth.authenticator_app a WHERE a.user_id = u.id);

\ir functions/auth.update_has_second_factor.sql
CREATE TRIGGER passkey_updates_its_user AFTER INSERT OR DELETE ON auth.passkey
  FOR EACH ROW EXECUTE FUNCTION auth.update_has_second_factor();
CREATE TRIGGER authenticator_app_updates_its_user AFTER INSERT OR DELETE ON auth.authenticator_app
  FOR EACH ROW EXECUTE FUNCTION auth.update_has_second_factor();
