-- Users, their sign-in codes, sessions and devices. Comes first: most tables refer to a user.
CREATE SCHEMA auth;

CREATE TABLE auth."user" (
  id            uuid PRIMARY KEY,
  email         text CONSTRAINT user_email_is_unique UNIQUE
                CONSTRAINT user_email_is_lower_case CHECK (email = lower(email)),
  display_name  text,
  locale        text NOT NULL DEFAULT 'en',
  time_zone     text NOT NULL DEFAULT 'UTC',
  role          text NOT NULL DEFAULT 'user'
                CONSTRAINT user_role_is_known CHECK (role IN ('user', 'support', 'admin')),
  admin_revoked boolean NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL,
  erased_at     timestamptz,
  CONSTRAINT user_has_an_email_until_erased CHECK ((email IS NULL) = (erased_at IS NOT NULL))
);
COMMENT ON COLUMN auth."user".admin_revoked IS
  'an admin revoked the role, so ADMIN_EMAILS does not grant it again';
CREATE INDEX user_by_created_at ON auth."user" (created_at);

-- The admin console searches for parts of e-mail addresses and names. Trigrams find them among
-- millions of users; where the extension cannot be created, the search reads every user.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
    CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
    CREATE INDEX user_by_email_and_name ON auth."user"
      USING gin (email public.gin_trgm_ops, display_name public.gin_trgm_ops);
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'This role may not create pg_trgm: the search for users reads every user';
END $$;

-- A sign-in code that was sent to an e-mail address. Only a keyed hash of the code is stored.
CREATE TABLE auth.challenge (
  id                  uuid PRIMARY KEY,
  email               text NOT NULL
                      CONSTRAINT challenge_email_is_lower_case CHECK (email = lower(email)),
  code_hash           bytea NOT NULL,
  referral_code       text,
  campaign            jsonb,
  locale              text NOT NULL DEFAULT 'en',
  trusted_device_hash bytea,
  attempts            smallint NOT NULL DEFAULT 0
                      CONSTRAINT challenge_has_at_most_five_attempts CHECK (attempts BETWEEN 0 AND 5),
  last_attempt_at     timestamptz,
  created_at          timestamptz NOT NULL,
  expires_at          timestamptz NOT NULL,
  used_at             timestamptz
);
COMMENT ON COLUMN auth.challenge.locale IS
  'the language of the requester: of the e-mail, and of the account that may be created';
COMMENT ON COLUMN auth.challenge.trusted_device_hash IS
  'the requesting device or session had verified the address before: it has its own limits';
CREATE INDEX challenge_by_email ON auth.challenge (email, created_at);
CREATE INDEX challenge_by_expires_at ON auth.challenge (expires_at);

CREATE TABLE auth.session (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL
             CONSTRAINT session_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  token_hash bytea NOT NULL CONSTRAINT session_token_hash_is_unique UNIQUE,
  user_agent text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX session_by_user ON auth.session (user_id, created_at);
CREATE INDEX session_by_expires_at ON auth.session (expires_at);

-- Devices that a user signed in from, by the keyed hash of a random cookie.
CREATE TABLE auth.known_device (
  user_id         uuid NOT NULL
                  CONSTRAINT known_device_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  device_hash     bytea NOT NULL,
  last_sign_in_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, device_hash)
);
-- A nightly task reads by age. Unlike a btree, a BRIN index adds almost nothing to a sign-in.
CREATE INDEX known_device_by_last_sign_in_at ON auth.known_device
  USING brin (last_sign_in_at) WITH (autosummarize = on);

-- Keyed hashes of the mailboxes that an account had before. Erasure remembers them like the last one,
-- so that a change of address does not make somebody a new user.
CREATE TABLE auth.former_mailbox (
  user_id    uuid NOT NULL
             CONSTRAINT former_mailbox_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  email_hash bytea NOT NULL,
  PRIMARY KEY (user_id, email_hash)
);
