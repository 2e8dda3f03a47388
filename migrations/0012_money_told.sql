-- What people and staff are told about money: letters sent once, what a payment covered, and what of it became credit.

-- Letters whose fact is told more than once. Their ids name facts, not people.
CREATE TABLE mail.sent_letter (
  id         text PRIMARY KEY,
  claimed_at timestamptz NOT NULL,
  sent_at    timestamptz
);
COMMENT ON COLUMN mail.sent_letter.sent_at IS 'null: somebody is sending it since claimed_at';

ALTER TABLE billing.invoice
  ADD period_start timestamptz,
  ADD period_end   timestamptz,
  ADD CONSTRAINT invoice_covers_a_span
    CHECK (num_nonnulls(period_start, period_end) IN (0, 2) AND period_start < period_end);
COMMENT ON COLUMN billing.invoice.period_start IS 'null with period_end: the invoice was told before periods were kept, or has no length';

-- Money that was turned into credit instead of being given back. It never exceeds what is left of its payment: every
-- writer holds the account of who paid.
CREATE TABLE billing.refund_as_credit (
  entry_id   uuid PRIMARY KEY,
  invoice_id text NOT NULL REFERENCES billing.invoice,
  amount     bigint NOT NULL CONSTRAINT refund_as_credit_is_of_money CHECK (amount > 0),
  given_at   timestamptz NOT NULL
);
COMMENT ON COLUMN billing.refund_as_credit.entry_id IS 'the line of the credit ledger';
COMMENT ON COLUMN billing.refund_as_credit.amount IS 'smallest unit of the invoice’s currency';
CREATE INDEX refund_as_credit_by_invoice ON billing.refund_as_credit (invoice_id);

-- The console lists events newest first.
CREATE INDEX inbox_by_time ON billing.inbox (received_at, event_id);

CREATE VIEW admin.referral_row AS
SELECT r.id, r.referrer_id, r.referred_id, r.code, r.label, r.origin, r.linked_at,
       t.referrer_days, t.referred_days, one.email AS referrer_email, other.email AS referred_email,
       c.id AS conversion_id, c.converted_at, s.reasons, s.flags, s.invoice_id, s.credited_at, s.changed_at,
       CASE WHEN c.id IS NULL THEN 'pending' WHEN s.state = 'good' THEN 'converted' ELSE s.state END AS status
FROM referral.referral r
JOIN referral.terms t ON t.version = r.terms_version
JOIN auth."user" other ON other.id = r.referred_id
LEFT JOIN auth."user" one ON one.id = r.referrer_id
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.standing s ON s.conversion_id = c.id;
