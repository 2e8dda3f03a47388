-- Shared by all modules: audit log, erasable notes, rate limits, idempotency keys, merged accounts,
-- results of verification, database roles and secret keys.
CREATE SCHEMA platform;

\ir functions/platform.reject_change.sql
\ir functions/platform.merged_accounts.sql

-- Who did what to whom: ids and numbers only. Text written by a person is in platform.note, which can
-- be erased.
CREATE TABLE platform.audit (
  id         uuid PRIMARY KEY,
  at         timestamptz NOT NULL,
  action     text NOT NULL,
  actor_kind text NOT NULL CONSTRAINT audit_actor_kind_is_known
             CHECK (actor_kind IN ('user', 'admin', 'operator', 'stripe', 'system')),
  actor_id   uuid,
  subject_id uuid,
  details    jsonb NOT NULL DEFAULT '{}',
  note_id    uuid
);
CREATE INDEX audit_by_subject ON platform.audit (subject_id, id);
CREATE INDEX audit_by_action ON platform.audit (action, id);
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON platform.audit
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER audit_is_never_truncated BEFORE TRUNCATE ON platform.audit
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();

CREATE TABLE platform.note (
  id         uuid PRIMARY KEY,
  subject_id uuid,
  text       text NOT NULL CONSTRAINT note_is_not_empty CHECK (text <> '')
);
CREATE INDEX note_by_subject ON platform.note (subject_id);

-- One row per limit and bucket, counted by one upsert: exact with any number of processes.
CREATE TABLE platform.rate_limit (
  key        text PRIMARY KEY,
  hits       integer NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX rate_limit_by_expires_at ON platform.rate_limit (expires_at);

-- The first response to an Idempotency-Key, stored in the transaction of the request's work.
CREATE TABLE platform.idempotency (
  caller_id  uuid NOT NULL,
  route      text NOT NULL,
  key        text NOT NULL,
  body_hash  bytea NOT NULL,
  status     integer NOT NULL,
  answer     jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (caller_id, route, key)
);
CREATE INDEX idempotency_by_created_at ON platform.idempotency (created_at);

-- An account that was merged into another one. Facts stay with the account they happened to; the
-- functions in platform.merged_accounts.sql find the present account. There are no chains: accounts
-- merged into an account move on with it.
CREATE TABLE platform.merged_account (
  from_id uuid PRIMARY KEY CONSTRAINT merged_account_is_from_a_user REFERENCES auth."user",
  into_id uuid NOT NULL CONSTRAINT merged_account_is_into_a_user REFERENCES auth."user",
  CONSTRAINT merged_account_not_into_itself CHECK (from_id <> into_id)
);
CREATE INDEX merged_account_by_into_id ON platform.merged_account (into_id, from_id);

-- One row per run in which a worker compared what is stored with its history.
CREATE TABLE platform.verification (
  id            uuid PRIMARY KEY,
  began_at      timestamptz NOT NULL,
  ended_at      timestamptz NOT NULL,
  counted       jsonb NOT NULL,
  discrepancies integer NOT NULL
                CONSTRAINT verification_discrepancies_are_not_negative CHECK (discrepancies >= 0),
  found         jsonb NOT NULL
);
COMMENT ON COLUMN platform.verification.found IS
  'the first hundred discrepancies: ids and numbers only';
CREATE INDEX verification_by_ended_at ON platform.verification (ended_at);

-- Roles besides the owner that use this database. `npx twofold migrate` renews their privileges.
CREATE TABLE platform.database_role (
  name   text PRIMARY KEY,
  access text NOT NULL CONSTRAINT database_role_access_is_known CHECK (access IN ('app', 'reader'))
);

-- Secret keys that were used here, by a fingerprint that reveals nothing about the key. Keyed hashes
-- that are kept for good can be recognised only with the key that made them.
CREATE TABLE platform.secret_key (
  id            text PRIMARY KEY,
  first_used_at timestamptz NOT NULL,
  discarded_at  timestamptz
);
