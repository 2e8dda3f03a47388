-- What a credit means to somebody who pays: lines that move days, and the charges that were put off by them.
ALTER TABLE credit.entry
  ADD anchor_at    timestamptz,
  ADD covers_from  timestamptz,
  ADD covers_until timestamptz,
  ADD CONSTRAINT credit_entry_covers_a_span
    CHECK (num_nonnulls(covers_from, covers_until) IN (0, 2) AND covers_from < covers_until),
  ADD CONSTRAINT credit_entry_shift_says_where_to CHECK (kind <> 'shift' OR anchor_at IS NOT NULL),
  DROP CONSTRAINT credit_entry_sign_fits_its_kind,
  ADD CONSTRAINT credit_entry_sign_fits_its_kind CHECK (
    CASE
      WHEN kind IN ('referral_referrer', 'referral_referred', 'admin_grant', 'refund_as_credit') THEN length_ms > 0
      WHEN kind IN ('restoration', 'shift') THEN length_ms >= 0
      WHEN kind IN ('reversal', 'admin_revoke') THEN length_ms <= 0
      WHEN kind = 'deferral' THEN length_ms <> 0
      ELSE false
    END),
  DROP CONSTRAINT credit_entry_revocation_names_its_grant,
  ADD CONSTRAINT credit_entry_names_what_it_acts_on CHECK (
    (kind IN ('reversal', 'admin_revoke', 'restoration', 'deferral')) = (reverses_entry_id IS NOT NULL));
COMMENT ON COLUMN credit.entry.anchor_at IS 'where the days begin at the earliest; null: at once';
COMMENT ON COLUMN credit.entry.covers_from IS 'from here to covers_until the user turned out to be paid for: days that ran there are ahead again';
CREATE INDEX credit_entry_anchored ON credit.entry (user_id) WHERE anchor_at IS NOT NULL;

-- A charge that is put off by the days of one credit entry. `target_at` is committed before Stripe is asked for it.
CREATE TABLE billing.deferral (
  entry_id        uuid PRIMARY KEY,
  user_id         uuid NOT NULL REFERENCES billing.account,
  subscription_id text,
  state           text NOT NULL CONSTRAINT deferral_state_is_known
                  CHECK (state IN ('planned', 'asked', 'confirmed', 'undoing', 'undone', 'fallen_back', 'cancelled')),
  detail          text,
  attempt         integer NOT NULL DEFAULT 0,
  previous_end_at timestamptz,
  target_at       timestamptz,
  undo_to         timestamptz,
  ledger_entry_id uuid,
  planned_at      timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  CONSTRAINT deferral_knows_its_span CHECK (
    state NOT IN ('asked', 'confirmed', 'undoing', 'undone')
    OR (num_nonnulls(subscription_id, previous_end_at, target_at) = 3 AND previous_end_at <= target_at)),
  CONSTRAINT deferral_undoing_knows_where_to CHECK (state <> 'undoing' OR undo_to IS NOT NULL)
);
COMMENT ON COLUMN billing.deferral.entry_id IS 'the ledger line whose days put the charge off';
COMMENT ON COLUMN billing.deferral.ledger_entry_id IS 'the deferral line that took those days';
-- One at a time: the next one of a subscription starts from where this one ends.
CREATE UNIQUE INDEX deferral_one_in_flight ON billing.deferral (subscription_id) WHERE state IN ('asked', 'undoing');
CREATE INDEX deferral_by_user ON billing.deferral (user_id);

ALTER TABLE billing.subscription ADD deferred_until timestamptz;
COMMENT ON COLUMN billing.subscription.deferred_until IS 'the next charge was put off to here by credit: until then trialing is paid';
