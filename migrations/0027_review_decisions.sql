-- A decision about a referral that staff may still undo. Nothing has happened yet: a worker carries it
-- out, and deletes the row, once it takes effect. The key lets one person decide at a time.
CREATE TABLE referral.scheduled_decision (
  referral_id     uuid PRIMARY KEY
                  CONSTRAINT scheduled_decision_is_about_a_referral REFERENCES referral.referral,
  decision        text NOT NULL
                  CONSTRAINT scheduled_decision_is_known CHECK (decision IN ('approved', 'rejected')),
  decided_by      uuid NOT NULL,
  note_id         uuid NOT NULL,
  decided_at      timestamptz NOT NULL,
  takes_effect_at timestamptz NOT NULL,
  CONSTRAINT scheduled_decision_takes_effect_later CHECK (takes_effect_at > decided_at)
);
CREATE INDEX scheduled_decision_due ON referral.scheduled_decision (takes_effect_at, referral_id);

-- What waits for a person: a referral that somebody has just decided does not.
CREATE OR REPLACE VIEW admin.waiting_review AS
SELECT v.referral_id, v.opened_at FROM referral.review v
WHERE v.outcome = 'review' AND v.decision IS NULL
  AND NOT EXISTS (SELECT FROM referral.scheduled_decision d WHERE d.referral_id = v.referral_id);

CREATE VIEW admin.scheduled_decision AS
SELECT referral_id, decision, decided_by, decided_at, takes_effect_at FROM referral.scheduled_decision;

CREATE OR REPLACE VIEW admin.referral_row AS
SELECT r.id, r.referrer_id, r.referred_id, r.code, r.label, r.origin, r.linked_at,
       t.referrer_days, t.referred_days,
       referrer.email AS referrer_email, referred.email AS referred_email,
       c.id AS conversion_id, c.converted_at, s.reasons, s.flags, s.invoice_id, s.credited_at,
       s.changed_at,
       CASE WHEN r.rewarded_elsewhere_at IS NOT NULL THEN 'converted'
            WHEN c.id IS NULL
              THEN CASE WHEN v.decision = 'rejected' OR (v.decision IS NULL AND v.outcome = 'reject')
                        THEN 'rejected' ELSE 'pending' END
            WHEN s.state = 'granted' THEN 'converted'
            WHEN s.state = 'reversed' AND s.credited_at IS NULL
              AND s.reasons && '{fraud,rejected,budget_exhausted}' THEN 'rejected'
            ELSE s.state END AS status,
       s.holds, s.release_at, s.capped, r.terms_version,
       v.outcome AS review_outcome, v.decision AS review_decision,
       d.decision AS scheduled_decision, d.takes_effect_at, d.decided_by AS scheduled_by
FROM referral.referral r
JOIN referral.terms t ON t.version = r.terms_version
JOIN auth."user" referred ON referred.id = r.referred_id
LEFT JOIN auth."user" referrer ON referrer.id = r.referrer_id
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id
LEFT JOIN referral.scheduled_decision d ON d.referral_id = r.id;

-- The pages about fraud rules read hits by rule and by referral.
CREATE VIEW admin.fraud_rule_hit AS
SELECT h.id, h.referral_id, h.rule, h.mode, h.weight, h.at, v.decision
FROM referral.fraud_rule_hit h LEFT JOIN referral.review v ON v.referral_id = h.referral_id;

-- The audit log is filtered by who did it.
-- safe beside the release before: takes about a second for a million entries, changes wait so long
CREATE INDEX audit_by_actor ON platform.audit (actor_id, id) WHERE actor_id IS NOT NULL;
