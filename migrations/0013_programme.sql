-- A programme that can be tuned: more in the terms, rewards that wait, caps, a budget, milestones, reviews.

-- Every column has the value that the fixed programme had, so what was promised before stays as it was.
ALTER TABLE referral.terms
  DROP CONSTRAINT terms_referrer_days_are_sane,
  DROP CONSTRAINT terms_referred_days_are_sane,
  ADD CONSTRAINT terms_referrer_days_are_sane CHECK (referrer_days BETWEEN 0 AND 3650),
  ADD CONSTRAINT terms_referred_days_are_sane CHECK (referred_days BETWEEN 0 AND 3650),
  ADD CONSTRAINT terms_reward_somebody CHECK (referrer_days + referred_days > 0),
  ADD hold_days integer NOT NULL DEFAULT 0 CONSTRAINT terms_hold_is_sane CHECK (hold_days BETWEEN 0 AND 90),
  ADD minimum_amounts jsonb NOT NULL DEFAULT '{}'
    CONSTRAINT terms_minimum_amounts_are_by_currency CHECK (jsonb_typeof(minimum_amounts) = 'object'),
  ADD qualifying_prices text[] NOT NULL DEFAULT '{}',
  ADD attribution text NOT NULL DEFAULT 'last_touch'
    CONSTRAINT terms_attribution_is_known CHECK (attribution IN ('first_touch', 'last_touch')),
  ADD attribution_days integer NOT NULL DEFAULT 30
    CONSTRAINT terms_attribution_window_is_sane CHECK (attribution_days BETWEEN 1 AND 365),
  ADD late_claim_days integer NOT NULL DEFAULT 14
    CONSTRAINT terms_late_claim_is_sane CHECK (late_claim_days BETWEEN 0 AND 365),
  ADD cap_conversions integer CONSTRAINT terms_cap_is_sane CHECK (cap_conversions >= 1),
  ADD cap_window_days integer CONSTRAINT terms_cap_window_is_sane CHECK (cap_window_days BETWEEN 1 AND 3650),
  ADD budget_days integer CONSTRAINT terms_budget_is_sane CHECK (budget_days >= 1),
  ADD milestone_every integer CONSTRAINT terms_milestone_is_sane CHECK (milestone_every >= 1),
  ADD milestone_days integer CONSTRAINT terms_milestone_days_are_sane CHECK (milestone_days BETWEEN 1 AND 3650),
  ADD refund_percent integer NOT NULL DEFAULT 100
    CONSTRAINT terms_refund_threshold_is_a_share CHECK (refund_percent BETWEEN 1 AND 100),
  ADD valid_until timestamptz CONSTRAINT terms_end_after_they_begin CHECK (valid_until > valid_from),
  ADD published_at timestamptz,
  ADD CONSTRAINT terms_cap_window_has_a_cap CHECK (cap_window_days IS NULL OR cap_conversions IS NOT NULL),
  ADD CONSTRAINT terms_milestone_is_whole CHECK (num_nonnulls(milestone_every, milestone_days) IN (0, 2));
COMMENT ON COLUMN referral.terms.minimum_amounts IS 'smallest unit by currency; empty: any amount, otherwise only these currencies';
COMMENT ON COLUMN referral.terms.qualifying_prices IS 'empty: every price that makes a user paid';
COMMENT ON COLUMN referral.terms.cap_window_days IS 'null with a cap: for ever';
COMMENT ON COLUMN referral.terms.refund_percent IS 'so much of the first payment given back takes the reward back';

-- What is left of a budget. `CHECK`, not care, keeps it from being exceeded.
CREATE TABLE referral.budget (
  terms_version integer PRIMARY KEY REFERENCES referral.terms,
  limit_ms      bigint NOT NULL,
  taken_ms      bigint NOT NULL DEFAULT 0,
  CONSTRAINT budget_is_never_exceeded CHECK (taken_ms BETWEEN 0 AND limit_ms)
);

CREATE FUNCTION referral.open_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO referral.budget (terms_version, limit_ms) VALUES (NEW.version, NEW.budget_days * 86400000::bigint);
  RETURN NULL;
END $$;
CREATE TRIGGER terms_open_their_budget AFTER INSERT ON referral.terms
  FOR EACH ROW WHEN (NEW.budget_days IS NOT NULL) EXECUTE FUNCTION referral.open_budget();

-- What a conversion takes of a cap or a budget. Where terms have neither there is no row.
CREATE TABLE referral.claim (
  conversion_id uuid PRIMARY KEY REFERENCES referral.conversion,
  referrer_id   uuid,
  terms_version integer NOT NULL REFERENCES referral.terms,
  counts        boolean NOT NULL,
  reserved_ms   bigint NOT NULL CONSTRAINT claim_reserves_no_less_than_nothing CHECK (reserved_ms >= 0),
  taken_at      timestamptz NOT NULL
);
COMMENT ON COLUMN referral.claim.counts IS 'takes a place of the referrer’s cap now';
COMMENT ON COLUMN referral.claim.reserved_ms IS 'what it takes of the budget now; after a reversal, what was used up';
CREATE INDEX claim_by_referrer ON referral.claim (referrer_id, taken_at) WHERE counts;

-- The n-th standing conversion of a referrer earns extra, once, whichever conversion is the n-th.
CREATE TABLE referral.milestone (
  referrer_id   uuid NOT NULL,
  ordinal       integer NOT NULL CONSTRAINT milestone_counts_from_one CHECK (ordinal >= 1),
  terms_version integer NOT NULL REFERENCES referral.terms,
  entry_id      uuid NOT NULL CONSTRAINT milestone_is_one_grant UNIQUE,
  last_entry_id uuid NOT NULL,
  stands        boolean NOT NULL,
  reserved_ms   bigint NOT NULL CONSTRAINT milestone_reserves_no_less_than_nothing CHECK (reserved_ms >= 0),
  changed_at    timestamptz NOT NULL,
  PRIMARY KEY (referrer_id, ordinal)
);
COMMENT ON COLUMN referral.milestone.last_entry_id IS 'the ledger line that last granted, took or gave back its days';

-- What the rules make of a referral, and what a person decided; the person wins. No row: nothing speaks against it.
CREATE TABLE referral.review (
  referral_id uuid PRIMARY KEY REFERENCES referral.referral,
  outcome     text NOT NULL CONSTRAINT review_outcome_is_known CHECK (outcome IN ('allow', 'review', 'reject')),
  decision    text CONSTRAINT review_decision_is_known CHECK (decision IN ('approved', 'rejected')),
  opened_at   timestamptz NOT NULL,
  decided_at  timestamptz,
  decided_by  uuid,
  CONSTRAINT review_decision_has_a_moment CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX review_waiting ON referral.review (opened_at, referral_id) WHERE decision IS NULL AND outcome = 'review';

-- Rewards that wait: for the refund window to close, or for a review.
ALTER TABLE referral.standing
  ADD holds text[] NOT NULL DEFAULT '{}',
  ADD release_at timestamptz,
  ADD capped boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT standing_state_is_known,
  DROP CONSTRAINT standing_is_good_without_reasons,
  DROP CONSTRAINT standing_in_good_state_is_credited,
  ADD CONSTRAINT standing_state_is_known CHECK (state IN ('good', 'held', 'suspended', 'reversed')),
  ADD CONSTRAINT standing_is_good_without_reasons CHECK ((state IN ('good', 'held')) = (reasons = '{}')),
  ADD CONSTRAINT standing_is_held_by_something CHECK (state NOT IN ('good', 'held') OR (state = 'held') = (holds <> '{}')),
  ADD CONSTRAINT standing_in_good_state_is_credited CHECK (state <> 'good' OR credited_at IS NOT NULL);
COMMENT ON COLUMN referral.standing.release_at IS 'when the refund window closes; null: the terms had none';
COMMENT ON COLUMN referral.standing.capped IS 'the referrer had reached the cap: only the friend is rewarded';
CREATE INDEX standing_due ON referral.standing (release_at) WHERE state = 'held' AND holds @> '{refund_window}';

-- A first payment must meet the terms of the referral: what was bought, and whether a later payment may still do.
ALTER TABLE billing.invoice ADD price_ids text[] NOT NULL DEFAULT '{}';
ALTER TABLE billing.account ADD looks_again boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN billing.account.looks_again IS 'not every payment meets the terms of their referral: each one is looked at';

ALTER TABLE credit.entry
  DROP CONSTRAINT credit_entry_sign_fits_its_kind,
  ADD CONSTRAINT credit_entry_sign_fits_its_kind CHECK (
    CASE
      WHEN kind IN ('referral_referrer', 'referral_referred', 'admin_grant', 'refund_as_credit', 'milestone') THEN length_ms > 0
      WHEN kind IN ('restoration', 'shift') THEN length_ms >= 0
      WHEN kind IN ('reversal', 'admin_revoke') THEN length_ms <= 0
      WHEN kind = 'deferral' THEN length_ms <> 0
      ELSE false
    END);

-- A held reward is due once its window is closed; the rules may have turned one down before it was ever credited.
CREATE OR REPLACE VIEW admin.referral_row AS
SELECT r.id, r.referrer_id, r.referred_id, r.code, r.label, r.origin, r.linked_at,
       t.referrer_days, t.referred_days, one.email AS referrer_email, other.email AS referred_email,
       c.id AS conversion_id, c.converted_at, s.reasons, s.flags, s.invoice_id, s.credited_at, s.changed_at,
       CASE WHEN c.id IS NULL THEN CASE WHEN v.decision = 'rejected' OR (v.decision IS NULL AND v.outcome = 'reject')
                                        THEN 'rejected' ELSE 'pending' END
            WHEN s.state = 'good' THEN 'converted'
            WHEN s.state = 'reversed' AND s.credited_at IS NULL
              AND s.reasons && '{fraud,rejected,budget_exhausted}' THEN 'rejected'
            ELSE s.state END AS status,
       s.holds, s.release_at, s.capped, r.terms_version, v.outcome AS review_outcome, v.decision AS review_decision
FROM referral.referral r
JOIN referral.terms t ON t.version = r.terms_version
JOIN auth."user" other ON other.id = r.referred_id
LEFT JOIN auth."user" one ON one.id = r.referrer_id
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.standing s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id;
