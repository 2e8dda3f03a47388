-- Money that was taken back or is at risk, and what that makes of a conversion.

-- Which payment paid which invoice: refunds and disputes name only the payment.
CREATE TABLE billing.payment (
  id         text PRIMARY KEY,
  invoice_id text,
  noted_at   timestamptz NOT NULL
);
COMMENT ON COLUMN billing.payment.id IS 'a payment intent, or the charge where there is no intent';
COMMENT ON COLUMN billing.payment.invoice_id IS 'null: Stripe says that it paid no invoice';
CREATE INDEX payment_by_invoice ON billing.payment (invoice_id) WHERE invoice_id IS NOT NULL;

-- One row for each refund, dispute, credit note and fraud warning, as Stripe last told of it.
CREATE TABLE billing.reversal (
  id                text PRIMARY KEY,
  kind              text NOT NULL CONSTRAINT reversal_kind_is_known
                    CHECK (kind IN ('refund', 'dispute', 'credit_note', 'early_fraud_warning')),
  payment_intent_id text,
  charge_id         text,
  invoice_id        text,
  amount            bigint NOT NULL CONSTRAINT reversal_amount_is_not_negative CHECK (amount >= 0),
  status            text NOT NULL,
  snapshot_at       timestamptz NOT NULL,
  recorded_at       timestamptz NOT NULL,
  CONSTRAINT reversal_names_what_it_reverses CHECK (num_nonnulls(payment_intent_id, charge_id, invoice_id) > 0)
);
COMMENT ON COLUMN billing.reversal.amount IS 'smallest unit of the currency; of a credit note, what was not also refunded';
COMMENT ON COLUMN billing.reversal.status IS 'in Stripe’s words';
CREATE INDEX reversal_by_payment_intent ON billing.reversal (payment_intent_id) WHERE payment_intent_id IS NOT NULL;
CREATE INDEX reversal_by_charge ON billing.reversal (charge_id) WHERE charge_id IS NOT NULL;
CREATE INDEX reversal_by_invoice ON billing.reversal (invoice_id) WHERE invoice_id IS NOT NULL;

-- A customer that was deleted at Stripe stays known: what is still told of it must find its user.
ALTER TABLE billing.customer ADD deleted_at timestamptz,
  ADD CONSTRAINT customer_of_ours_is_not_deleted CHECK (NOT (ours AND deleted_at IS NOT NULL));

-- Whether a conversion stands. Recomputed from the first payment's reversals, so their order says nothing.
CREATE TABLE referral.standing (
  conversion_id uuid PRIMARY KEY REFERENCES referral.conversion,
  state         text NOT NULL CONSTRAINT standing_state_is_known CHECK (state IN ('good', 'suspended', 'reversed')),
  reasons       text[] NOT NULL DEFAULT '{}',
  flags         text[] NOT NULL DEFAULT '{}',
  invoice_id    text NOT NULL,
  credited_at   timestamptz,
  changed_at    timestamptz NOT NULL,
  CONSTRAINT standing_is_good_without_reasons CHECK ((state = 'good') = (reasons = '{}')),
  CONSTRAINT standing_in_good_state_is_credited CHECK (state <> 'good' OR credited_at IS NOT NULL)
);
COMMENT ON COLUMN referral.standing.invoice_id IS 'the first payment that the state follows';
COMMENT ON COLUMN referral.standing.credited_at IS 'when both sides were first credited; null while it never stood';
INSERT INTO referral.standing (conversion_id, state, invoice_id, credited_at, changed_at)
  SELECT id, 'good', invoice_id, credited_at, credited_at FROM referral.conversion;
ALTER TABLE referral.conversion DROP COLUMN credited_at;
