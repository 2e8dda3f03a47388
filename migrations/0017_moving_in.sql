-- What a product brings along from the referral tool that it used before.

-- The codes of that tool, exactly as people shared them. They stand for a person, and are looked up
-- only after the codes that were made here.
CREATE TABLE referral.code_alias (
  alias      text PRIMARY KEY CONSTRAINT code_alias_length_is_in_range
             CHECK (char_length(alias) BETWEEN 1 AND 100),
  user_id    uuid NOT NULL
             CONSTRAINT code_alias_belongs_to_a_user REFERENCES auth."user" ON DELETE CASCADE,
  created_at timestamptz NOT NULL
);
CREATE INDEX code_alias_by_user ON referral.code_alias (user_id);
-- A code that somebody chooses must not take over the links of another person.
CREATE INDEX code_alias_by_key ON referral.code_alias (referral.code_key(alias));

ALTER TABLE referral.referral ADD COLUMN rewarded_elsewhere_at timestamptz;
COMMENT ON COLUMN referral.referral.rewarded_elsewhere_at IS
  'the first payment was rewarded by the tool used before: this referral never converts';

-- Days that the tool used before still owed. A row of a file is credited once, ever.
CREATE TABLE credit.imported_grant (
  key_hash   bytea PRIMARY KEY,
  granted_at timestamptz NOT NULL
);
COMMENT ON COLUMN credit.imported_grant.key_hash IS
  'SHA-256 of the tool and of the key of the row, which may be a name';
CREATE TRIGGER imported_grant_is_append_only BEFORE UPDATE OR DELETE ON credit.imported_grant
  FOR EACH ROW EXECUTE FUNCTION platform.reject_change();
CREATE TRIGGER imported_grant_is_never_truncated BEFORE TRUNCATE ON credit.imported_grant
  FOR EACH STATEMENT EXECUTE FUNCTION platform.reject_change();

-- What was rewarded elsewhere counts as converted, and nothing is pending for it.
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
       v.outcome AS review_outcome, v.decision AS review_decision
FROM referral.referral r
JOIN referral.terms t ON t.version = r.terms_version
JOIN auth."user" referred ON referred.id = r.referred_id
LEFT JOIN auth."user" referrer ON referrer.id = r.referrer_id
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id;

CREATE OR REPLACE VIEW admin.referral_stat AS
SELECT r.id, r.referrer_id, r.linked_at, r.terms_version,
       c.id AS conversion_id, c.converted_at, s.state, s.credited_at, i.paid_at, i.currency,
       -- the same as in admin.referral_row
       CASE WHEN r.rewarded_elsewhere_at IS NOT NULL THEN 'converted'
            WHEN c.id IS NULL
              THEN CASE WHEN v.decision = 'rejected' OR (v.decision IS NULL AND v.outcome = 'reject')
                        THEN 'rejected' ELSE 'pending' END
            WHEN s.state = 'granted' THEN 'converted'
            WHEN s.state = 'reversed' AND s.credited_at IS NULL
              AND s.reasons && '{fraud,rejected,budget_exhausted}' THEN 'rejected'
            ELSE s.state END AS status,
       CASE WHEN r.referrer_id <> r.referred_id AND s.capped IS NOT TRUE
            THEN t.referrer_days ELSE 0 END AS referrer_days,
       t.referred_days
FROM referral.referral r
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id
LEFT JOIN referral.terms t ON t.version = r.terms_version
LEFT JOIN billing.invoice i ON i.id = s.invoice_id;
