-- A second factor of sign-in, asked for after the emailed code: passkeys, an authenticator app, and recovery codes.
ALTER TABLE auth.session ADD COLUMN second_factor_at timestamptz;
COMMENT ON COLUMN auth.session.second_factor_at IS
  'when a second factor was last proven in this session; null: never';

CREATE TABLE auth.passkey (
  id            uuid PRIMARY KEY,
  user_id       uuid NOT NULL CONSTRAINT passkey_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  credential_id bytea NOT NULL CONSTRAINT passkey_credential_is_unique UNIQUE,
  public_key    bytea NOT NULL,
  sign_count    bigint NOT NULL CONSTRAINT passkey_sign_count_is_not_negative CHECK (sign_count >= 0),
  transports    text[] NOT NULL,
  name          text NOT NULL CONSTRAINT passkey_name_is_short CHECK (char_length(name) BETWEEN 1 AND 80),
  created_at    timestamptz NOT NULL,
  last_used_at  timestamptz
);
COMMENT ON COLUMN auth.passkey.sign_count IS
  'the counter of the newest use; a lower one comes from a copy of the key';
CREATE INDEX passkey_by_user ON auth.passkey (user_id);

CREATE TABLE auth.authenticator_app (
  user_id       uuid PRIMARY KEY CONSTRAINT authenticator_app_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  sealed_secret text NOT NULL,
  created_at    timestamptz NOT NULL,
  confirmed_at  timestamptz
);
COMMENT ON COLUMN auth.authenticator_app.confirmed_at IS
  'when a first code of the app was right; null: it does not count yet';

CREATE TABLE auth.recovery_code (
  user_id   uuid NOT NULL CONSTRAINT recovery_code_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE auth.used_proof (
  proof_hash bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX used_proof_by_expires_at ON auth.used_proof (expires_at);

-- Invitations to become staff. The one without an address makes the first admin.
CREATE TABLE auth.staff_invitation (
  id         uuid PRIMARY KEY,
  email      text,
  role       text NOT NULL CONSTRAINT staff_invitation_role_is_known CHECK (role IN ('support', 'admin')),
  token_hash bytea NOT NULL CONSTRAINT staff_invitation_token_is_unique UNIQUE,
  invited_by uuid CONSTRAINT staff_invitation_is_by_a_user REFERENCES auth."user",
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT staff_invitation_without_address_is_for_the_first_admin
    CHECK (email IS NOT NULL OR (role = 'admin' AND invited_by IS NULL))
);
CREATE UNIQUE INDEX staff_invitation_is_the_only_one_of_its_address ON auth.staff_invitation (email);
CREATE UNIQUE INDEX staff_invitation_of_the_first_admin_is_the_only_one ON auth.staff_invitation ((email IS NULL))
  WHERE email IS NULL;
CREATE INDEX staff_invitation_by_expires_at ON auth.staff_invitation (expires_at);
CREATE INDEX staff_invitation_by_inviter ON auth.staff_invitation (invited_by);

-- safe beside the release before: takes less than a second for a million users, sign-ups wait so long
CREATE INDEX user_is_staff ON auth."user" (id) WHERE role <> 'user';

-- What the checks of the installation found last: one row, replaced each time.
CREATE TABLE admin.installation_report (
  id         smallint PRIMARY KEY DEFAULT 1 CONSTRAINT installation_report_is_the_only_one CHECK (id = 1),
  checked_at timestamptz NOT NULL,
  findings   jsonb NOT NULL
);
