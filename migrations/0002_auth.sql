-- Who somebody is: users, the codes that prove an e-mail address, and the devices signed in.
CREATE SCHEMA auth;

CREATE TABLE auth."user" (
  id             uuid PRIMARY KEY,
  email          text CONSTRAINT user_email_is_unique UNIQUE
                 CONSTRAINT user_email_is_lower_case CHECK (email = lower(email)),
  display_name   text,
  locale         text NOT NULL DEFAULT 'en',
  time_zone      text NOT NULL DEFAULT 'UTC',
  role           text NOT NULL DEFAULT 'user'
                 CONSTRAINT user_role_is_known CHECK (role IN ('user', 'support', 'admin')),
  admin_declined boolean NOT NULL DEFAULT false,
  created_at     timestamptz NOT NULL,
  erased_at      timestamptz,
  CONSTRAINT user_has_an_email_until_erased CHECK ((email IS NULL) = (erased_at IS NOT NULL))
);
COMMENT ON COLUMN auth."user".admin_declined IS 'an admin took the role away: ADMIN_EMAILS does not give it back';

-- A code on its way to an address. Only its keyed hash is kept. It knows the invitation it was asked with.
CREATE TABLE auth.challenge (
  id         uuid PRIMARY KEY,
  email      text NOT NULL CONSTRAINT challenge_email_is_lower_case CHECK (email = lower(email)),
  code_hash  bytea NOT NULL,
  ref_code   text,
  attempts   smallint NOT NULL DEFAULT 0
             CONSTRAINT challenge_has_five_attempts CHECK (attempts BETWEEN 0 AND 5),
  tried_at   timestamptz,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX challenge_by_email ON auth.challenge (email, created_at);
CREATE INDEX challenge_by_expiry ON auth.challenge (expires_at);

CREATE TABLE auth.session (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  token_hash bytea NOT NULL CONSTRAINT session_token_is_unique UNIQUE,
  user_agent text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX session_by_user ON auth.session (user_id, created_at);
CREATE INDEX session_by_expiry ON auth.session (expires_at);
