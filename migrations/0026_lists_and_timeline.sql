-- What the lists of the console are sorted and filtered by, and what a user's timeline reads.

-- safe beside the release before: only the few rows of people who pay are in it
CREATE INDEX account_paid ON billing.account (user_id) WHERE tier = 'paid';
-- safe beside the release before: takes about a second for a million events, webhooks wait so long
CREATE INDEX inbox_by_type ON billing.inbox (type, received_at, event_id);
-- safe beside the release before: only events that were ignored are in it
CREATE INDEX inbox_ignored ON billing.inbox (received_at, event_id) WHERE status = 'ignored';
-- safe beside the release before: takes about a second for a million conversions, first payments wait so long
CREATE INDEX conversion_by_time ON referral.conversion (converted_at, id);
DROP INDEX referral.conversion_by_converted_at;

-- The last column is new: a list is sorted by a time and an id of one table, so that one index serves.
-- Every user has both accounts; the outer joins let a count leave out what it does not ask for.
CREATE OR REPLACE VIEW admin.user_row AS
SELECT u.id, u.email, u.display_name, u.role, u.created_at, b.tier, b.tier_expires_at,
       c.until AS credit_until, c.user_id AS credit_user_id
FROM auth."user" u
LEFT JOIN billing.account b ON b.user_id = u.id
LEFT JOIN credit.account c ON c.user_id = u.id;

-- The last columns are new: of a computed status PostgreSQL cannot know how many have it.
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
       r.rewarded_elsewhere_at, s.state AS reward_state
FROM referral.referral r
JOIN referral.terms t ON t.version = r.terms_version
JOIN auth."user" referred ON referred.id = r.referred_id
LEFT JOIN auth."user" referrer ON referrer.id = r.referrer_id
LEFT JOIN referral.conversion c ON c.referral_id = r.id
LEFT JOIN referral.reward_status s ON s.conversion_id = c.id
LEFT JOIN referral.review v ON v.referral_id = r.id;

-- Whom an email was sent to, and which it was: null for emails that were sent before.
ALTER TABLE notifications.email_delivery
  ADD COLUMN user_id uuid,
  ADD COLUMN template text;
COMMENT ON COLUMN notifications.email_delivery.user_id IS 'whom it was sent to; null for older ones, and once erased';
COMMENT ON COLUMN notifications.email_delivery.template IS 'which email it was; null for older ones';
-- safe beside the release before: no row is in it yet
CREATE INDEX email_delivery_by_user ON notifications.email_delivery (user_id, claimed_at) WHERE user_id IS NOT NULL;

ALTER TABLE referral.referral ADD COLUMN email_unconfirmed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN referral.referral.email_unconfirmed IS
  'the product that reported the person had not confirmed the address';

-- The timeline of a user: a view for each kind of thing that happens, with a user, a time, and a key that
-- decides between equal times. Each is read by an index of its table, the newest first.
CREATE VIEW admin.timeline_sign_up AS
SELECT id AS user_id, created_at AS at, id::text AS key, external_id FROM auth."user";

-- Clicks are counted by day; people are not.
CREATE VIEW admin.timeline_link_click AS
SELECT c.user_id, k.day::timestamp AT TIME ZONE 'UTC' AS at, c.code AS key, c.code, k.clicks
FROM referral.code c JOIN referral.link_click k ON k.code = c.code;

CREATE VIEW admin.timeline_invitation AS
SELECT r.referred_id AS user_id, r.linked_at AS at, r.id::text AS key, r.id AS referral_id, r.code, r.origin,
       r.referrer_id AS other_id, u.email AS other_email
FROM referral.referral r LEFT JOIN auth."user" u ON u.id = r.referrer_id;

CREATE VIEW admin.timeline_invite AS
SELECT r.referrer_id AS user_id, r.linked_at AS at, r.id::text AS key, r.id AS referral_id, r.code, r.origin,
       r.referred_id AS other_id, u.email AS other_email
FROM referral.referral r JOIN auth."user" u ON u.id = r.referred_id;

CREATE VIEW admin.timeline_payment AS
SELECT user_id, paid_at AS at, id AS key, amount_paid AS amount, currency, customer_id, subscription_id FROM billing.invoice;

CREATE VIEW admin.timeline_reversal AS
SELECT i.user_id, r.recorded_at AS at, r.id AS key, r.kind, r.status, r.amount, i.currency, i.id AS invoice_id
FROM billing.invoice i CROSS JOIN LATERAL (
  SELECT * FROM billing.reversal WHERE invoice_id = i.id
  UNION
  SELECT v.* FROM billing.invoice_payment p JOIN billing.reversal v ON v.payment_intent_id = p.id WHERE p.invoice_id = i.id
  UNION
  SELECT v.* FROM billing.invoice_payment p JOIN billing.reversal v ON v.charge_id = p.id WHERE p.invoice_id = i.id) r;

-- `seq` rises with `at`. `other_email`: the other person of the referral that it came from.
CREATE VIEW admin.timeline_credit AS
SELECT e.user_id, e.at, lpad(e.seq::text, 19, '0') AS key, e.seq, e.id AS entry_id, e.kind, e.duration_ms,
       e.referral_id, n.text AS note, other.id AS other_id, other.email AS other_email,
       e.duration_ms > 0 AND e.kind IN ('admin_grant', 'referral_referrer', 'referral_referred', 'refund_as_credit')
         AND NOT EXISTS (SELECT FROM credit.entry v WHERE v.reverses_entry_id = e.id AND v.kind = 'admin_revoke') AS is_revocable
FROM credit.entry e
LEFT JOIN platform.note n ON n.id = e.note_id
LEFT JOIN referral.referral r ON r.id = e.referral_id
LEFT JOIN auth."user" other ON other.id = CASE e.user_id WHEN r.referrer_id THEN r.referred_id ELSE r.referrer_id END;

CREATE VIEW admin.timeline_email AS
SELECT user_id, claimed_at AS at, id AS key, template FROM notifications.email_delivery
WHERE user_id IS NOT NULL AND sent_at IS NOT NULL;

-- What the rules found about the invitation of a user.
CREATE VIEW admin.timeline_finding AS
SELECT r.referred_id AS user_id, h.at, h.id::text AS key, r.id AS referral_id, h.rule, h.mode, h.weight
FROM referral.referral r JOIN referral.fraud_rule_hit h ON h.referral_id = r.id;

-- That the invitation of a user met their first payment, and what came of it so far.
CREATE VIEW admin.timeline_conversion AS
SELECT c.referred_id AS user_id, c.converted_at AS at, c.id::text AS key, c.referral_id, s.state, s.holds, s.release_at,
       s.reasons, r.referrer_id AS other_id, u.email AS other_email
FROM referral.conversion c
JOIN referral.reward_status s ON s.conversion_id = c.id
JOIN referral.referral r ON r.id = c.referral_id
LEFT JOIN auth."user" u ON u.id = r.referrer_id;

-- safe beside the release before: takes about a second for a million entries, of which few are in it
CREATE INDEX audit_of_staff ON platform.audit (subject_id, id) WHERE actor_kind IN ('admin', 'operator', 'api_key');
-- The time of an entry is that of its id, by which it is found. What `system` and `stripe` recorded about
-- credit and invitations stands in the views above.
CREATE VIEW admin.timeline_audit AS
SELECT a.subject_id AS user_id,
       timestamptz 'epoch' + ('x' || translate(left(a.id::text, 13), '-', ''))::bit(48)::bigint * interval '1 millisecond' AS at,
       a.id::text AS key, a.id, a.action, a.actor_kind, a.actor_id, u.email AS actor_email,
       coalesce(u.display_name, k.name) AS actor_name,
       a.details ->> 'via' AS via, n.text AS note, a.actor_kind IN ('admin', 'operator', 'api_key') AS is_of_staff
FROM platform.audit a
LEFT JOIN auth."user" u ON u.id = a.actor_id
LEFT JOIN auth.api_key k ON k.id = a.actor_id
LEFT JOIN platform.note n ON n.id = a.note_id
WHERE a.actor_kind IN ('admin', 'operator', 'api_key')
   OR a.action NOT IN ('credit.granted', 'credit.revoked', 'referral.linked', 'referral.converted', 'referral.fraud_evaluated');
