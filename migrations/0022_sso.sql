-- People of another product sign in by a link that the product has signed. Each link counts once.
CREATE TABLE auth.used_sso_token (
  jti_hash   bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
COMMENT ON COLUMN auth.used_sso_token.jti_hash IS 'SHA-256 of the jti, which the other product chooses';
CREATE INDEX used_sso_token_by_expires_at ON auth.used_sso_token (expires_at);

ALTER TABLE auth.session ADD COLUMN proves_email boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN auth.session.proves_email IS
  'opened by an emailed code; false: by a link of another product';
