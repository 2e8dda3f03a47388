-- Letters kept instead of sent, in local mode only.
CREATE SCHEMA mail;

CREATE TABLE mail.letter (
  id         text PRIMARY KEY,
  recipient  text NOT NULL,
  subject    text NOT NULL,
  text_part  text NOT NULL,
  html_part  text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX letter_by_time ON mail.letter (created_at DESC);
