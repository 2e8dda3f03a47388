-- What people want to be written about, in which language, and which of their devices they know.

-- A row for each kind of letter that somebody does not want. Letters about money and security are not among them.
CREATE TABLE auth.unwanted_letter (
  user_id uuid NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  kind    text NOT NULL CONSTRAINT unwanted_letter_is_optional
          CHECK (kind IN ('friend_joined', 'friend_converted', 'credit_ending', 'milestone')),
  since   timestamptz NOT NULL,
  PRIMARY KEY (user_id, kind)
);

-- Devices that somebody has signed in from, by the keyed hash of a cookie that says nothing else.
CREATE TABLE auth.device (
  user_id uuid NOT NULL REFERENCES auth."user" ON DELETE CASCADE,
  hash    bytea NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, hash)
);

ALTER TABLE auth.challenge ADD locale text NOT NULL DEFAULT 'en';
COMMENT ON COLUMN auth.challenge.locale IS 'the language of whoever asked: of the letter, and of the account that may come of it';

-- Whose credit ends soon is asked every hour.
CREATE INDEX account_by_end ON credit.account (until, user_id) WHERE until IS NOT NULL;
