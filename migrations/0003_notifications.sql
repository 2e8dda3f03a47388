-- E-mails: which ones users do not want, which ones were sent, and those captured in local mode.
CREATE SCHEMA notifications;

-- Optional e-mails that a user does not want. E-mails about money and security cannot be switched off.
CREATE TABLE notifications.email_opt_out (
  user_id      uuid NOT NULL
               CONSTRAINT email_opt_out_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  kind         text NOT NULL CONSTRAINT email_opt_out_is_for_an_optional_email
               CHECK (kind IN ('friend_joined', 'friend_converted', 'credit_expiring', 'milestone')),
  opted_out_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, kind)
);

-- E-mails whose event may be handled more than once. The ids name events, not people.
CREATE TABLE notifications.email_delivery (
  id         text PRIMARY KEY,
  claimed_at timestamptz NOT NULL,
  sent_at    timestamptz
);
COMMENT ON COLUMN notifications.email_delivery.sent_at IS
  'null while a process is sending it since claimed_at';
CREATE INDEX email_delivery_by_claimed_at ON notifications.email_delivery (claimed_at);

-- E-mails that were kept instead of sent, in local mode only.
CREATE TABLE notifications.captured_email (
  id         text PRIMARY KEY,
  recipient  text NOT NULL,
  subject    text NOT NULL,
  text_part  text NOT NULL,
  html_part  text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX captured_email_by_created_at ON notifications.captured_email (created_at DESC);
