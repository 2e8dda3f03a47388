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

-- The pages about fraud rules read hits by rule and by referral.
CREATE VIEW admin.fraud_rule_hit AS
SELECT h.id, h.referral_id, h.rule, h.mode, h.weight, h.at, v.decision
FROM referral.fraud_rule_hit h LEFT JOIN referral.review v ON v.referral_id = h.referral_id;

-- The audit log is filtered by who did it.
-- safe beside the release before: takes about a second for a million entries, changes wait so long
CREATE INDEX audit_by_actor ON platform.audit (actor_id, id) WHERE actor_id IS NOT NULL;
