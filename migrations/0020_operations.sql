-- What keeps an installation small and watched: contents that are forgotten by age, and whether the books were found in order.

-- The id and the digest of an event stay, so that it is known for ever; its content may go once nothing waits for it.
ALTER TABLE billing.inbox
  ALTER payload DROP NOT NULL,
  ADD CONSTRAINT inbox_keeps_what_is_not_settled CHECK (payload IS NOT NULL OR status IN ('applied', 'ignored')) NOT VALID;
ALTER TABLE billing.inbox VALIDATE CONSTRAINT inbox_keeps_what_is_not_settled;
COMMENT ON COLUMN billing.inbox.payload IS 'json, not jsonb: kept to the letter, since a digest of it tells whether a later delivery says the same; null once it was forgotten by age';
CREATE INDEX inbox_with_content ON billing.inbox (received_at) WHERE payload IS NOT NULL AND status IN ('applied', 'ignored');

-- What is forgotten by age is found by an index, a few thousand rows at a time.
CREATE INDEX visit_by_day ON referral.visit (day);
CREATE INDEX sent_letter_by_age ON mail.sent_letter (claimed_at);

-- Each time that a worker compared what is stored with its history.
CREATE TABLE platform.verification (
  id            uuid PRIMARY KEY,
  began_at      timestamptz NOT NULL,
  ended_at      timestamptz NOT NULL,
  counted       jsonb NOT NULL,
  discrepancies integer NOT NULL CONSTRAINT verification_counts_from_none CHECK (discrepancies >= 0),
  found         jsonb NOT NULL
);
COMMENT ON COLUMN platform.verification.found IS 'the first hundred discrepancies: ids and figures only';
CREATE INDEX verification_by_end ON platform.verification (ended_at);
